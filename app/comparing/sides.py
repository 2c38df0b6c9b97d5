"""Two rounds, or two groups, as their page sets them side by side. What is measured comes from the frozen reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.analysis.comparing import GroupComparison, compare_groups
from app.comparing.cuts import Group
from app.reports.presenting import CampView, ReportView
from app.reports.themes import ThemeView
from app.surveys.models import QuestionKind


@dataclass(frozen=True)
class AskedFork:
    """A trade-off that both rounds asked, as (earlier, later). The mean is in steps from 1 (left) to 7 (right)."""

    left: str
    right: str
    n: tuple[int, int]
    means: tuple[float | None, float | None]
    agreement: tuple[float | None, float | None]


@dataclass(frozen=True)
class TwoRounds:
    """is_one_judge: were both read by the same judge? If not, no score of one is set beside one of the other.
    are_themes_matched: has the judge read the answers of both together? If not, all themes stand in gone and came."""

    is_one_judge: bool
    are_themes_matched: bool
    stayed: tuple[tuple[ThemeView, ThemeView], ...]
    gone: tuple[ThemeView, ...]
    came: tuple[ThemeView, ...]
    asked_forks: tuple[AskedFork, ...]


def compare_rounds(
    earlier: ReportView, later: ReportView, matches: Sequence[tuple[int, int]] | None
) -> TwoRounds:
    """matches: themes of the two that are the same, by number from 1; None where they were not matched."""
    before = {theme.number: theme for theme in _themes(earlier)}
    after = {theme.number: theme for theme in _themes(later)}
    pairs = [(i, j) for i, j in matches or () if i in before and j in after]
    return TwoRounds(
        is_one_judge=_judge(earlier) == _judge(later),
        are_themes_matched=matches is not None,
        stayed=tuple((before[i], after[j]) for i, j in pairs),
        gone=tuple(theme for i, theme in before.items() if i not in {i for i, _ in pairs}),
        came=tuple(theme for j, theme in after.items() if j not in {j for _, j in pairs}),
        asked_forks=_asked_forks(earlier, later),
    )


def _judge(report: ReportView) -> Any:
    return report.analysis["method"]["fingerprint"]


def _themes(report: ReportView) -> tuple[ThemeView, ...]:
    return report.themes.shared if report.themes else ()


def _asked_forks(earlier: ReportView, later: ReportView) -> tuple[AskedFork, ...]:
    before = {q.found["key"]: q for q in earlier.questions if q.kind == QuestionKind.FORK and q.results}
    found = []
    for question in later.questions:
        former = before.get(question.found["key"])
        if question.kind != QuestionKind.FORK or former is None or not question.results or not former.results:
            continue
        both = (former.results, question.results)
        found.append(
            AskedFork(
                left=str(question.settings["left"]),
                right=str(question.settings["right"]),
                n=(both[0]["n"], both[1]["n"]),
                means=(both[0]["mean"], both[1]["mean"]),
                agreement=(both[0]["r_wg"]["estimate"], both[1]["r_wg"]["estimate"]),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class TwoGroups:
    """camps, themes: each with how many of the first group and of the second stand in it or say it. measured: None
    where there were too many answers to look at every pair."""

    groups: tuple[Group, Group]
    measured: GroupComparison | None
    camps: tuple[tuple[CampView, tuple[int, int]], ...]
    no_camp: tuple[int, int]
    themes: tuple[tuple[ThemeView, tuple[int, int]], ...]


def compare_two_groups(report: ReportView, first: Group, second: Group) -> TwoGroups:
    belonging = report.analysis["belonging"]
    sets = (set(first.members), set(second.members))

    def of_each(people: Sequence[int]) -> tuple[int, int]:
        return (len(sets[0] & set(people)), len(sets[1] & set(people)))

    camps = tuple(
        (camp, of_each([voice.number for voice in (camp.representative, *camp.others)]))
        for camp in report.camps
    )
    return TwoGroups(
        groups=(first, second),
        measured=compare_groups(belonging, [first.members, second.members]) if belonging else None,
        camps=tuple((camp, n) for camp, n in camps if any(n)),
        no_camp=of_each([voice.number for voice in report.campless]),
        themes=tuple(
            (theme, n)
            for theme in _themes(report)
            if any(n := of_each([voice.number for voice in theme.people]))
        ),
    )
