"""Where one answer stands in the report, as far as the team has been shown it. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.reports.forks import ForkSide, ForkView
from app.reports.models import ReportSection
from app.reports.presenting import CampView, ReportView, Voice
from app.reports.themes import Quote, ThemeView


@dataclass(frozen=True)
class SharedTheme:
    """What I say with others. own: my sentences of it; others: the people who say it too, for rounds with names."""

    theme: ThemeView
    own: tuple[Quote, ...]
    others: tuple[Voice, ...]


@dataclass(frozen=True)
class OwnFork:
    """side: where I stand; None where I stand on neither."""

    fork: ForkView
    side: ForkSide | None


@dataclass(frozen=True)
class OwnPlace:
    """None and empty where the section that tells it has not been shown, or where there is nothing to tell."""

    voice: Voice
    camp: CampView | None
    with_me: tuple[Voice, ...]
    themes: tuple[SharedTheme, ...]
    forks: tuple[OwnFork, ...]

    @property
    def stands_on_a_fork(self) -> bool:
        return any(fork.side for fork in self.forks)


def find_place(report: ReportView, *, answer: int, shown: Collection[ReportSection]) -> OwnPlace:
    """The place of this answer. Common ground tells of some themes, the section on themes of all of them."""
    voice = report.voices[answer]
    mine = next((camp for camp in report.camps if answer in _members(camp)), None)
    is_shown = ReportSection.CAMPS in shown
    forks = report.forks if ReportSection.FORKS in shown else ()
    return OwnPlace(
        voice=voice,
        camp=mine if is_shown else None,
        with_me=tuple(v for v in _voices(mine) if v.number != answer) if is_shown else (),
        themes=tuple(
            SharedTheme(
                theme,
                own=tuple(quote for quote in theme.quotes if quote.voice.number == answer),
                others=tuple(person for person in theme.people if person.number != answer),
            )
            for theme in (report.themes.shared if report.themes else ())
            if answer in {person.number for person in theme.people}
            and (
                ReportSection.THEMES in shown
                or (theme.is_common_ground and ReportSection.COMMON_GROUND in shown)
            )
        ),
        forks=tuple(
            OwnFork(
                fork, next((side for side in fork.sides if mine and side.camp.number == mine.number), None)
            )
            for fork in forks
        ),
    )


def _voices(camp: CampView | None) -> tuple[Voice, ...]:
    return (camp.representative, *camp.others) if camp else ()


def _members(camp: CampView) -> set[int]:
    return {voice.number for voice in _voices(camp)}
