"""The log of edits in words, for the method card of the page and of every file; and how the camps changed by them.

No sentence here repeats words of an answer: they may be the ones that are not to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.languages import gettext as _
from app.languages import ngettext
from app.reports.models import EditKind, ReportEdit, ReportSection
from app.reports.numbers import listed
from app.reports.replay import NO_CAMP, OWN_CAMP, EditedCamp, find_answer

# More answers than this are counted and not listed.
MOST_LISTED = 6

SECTION_OF = {
    EditKind.RENAME_THEME: ReportSection.THEMES,
    EditKind.HIDE_QUOTE: ReportSection.CAMPS,
    EditKind.MOVE_ANSWER: ReportSection.CAMPS,
    EditKind.MERGE_CAMPS: ReportSection.CAMPS,
    EditKind.SPLIT_CAMP: ReportSection.CAMPS,
    EditKind.RENAME_CAMP: ReportSection.CAMPS,
}


@dataclass(frozen=True)
class LoggedEdit:
    """One line of the log. part: with which section of the report it may be read. skipped: why it changes nothing."""

    id: int
    what: str
    reason: str
    made_by: str
    made_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    skipped: str | None
    part: ReportSection

    @property
    def is_standing(self) -> bool:
        return self.undone_at is None

    @property
    def sentence(self) -> str:
        """The whole line, for a table."""
        made = f"{self.made_by}, {self.made_at.day} {self.made_at:%B %Y}"
        undone = f" Undone by {self.undone_by}." if self.undone_by else ""
        skipped = f" It changes nothing now: {self.skipped}" if self.skipped else ""
        return f"{self.what} Reason: “{self.reason}” ({made}).{undone}{skipped}"


@dataclass(frozen=True)
class Comment:
    text: str
    made_by: str


def write_log(
    edits: Sequence[ReportEdit],
    document: Mapping[str, Any],
    skipped: Mapping[int, str],
    titles: Mapping[ReportSection, str],
    zone: ZoneInfo,
) -> tuple[LoggedEdit, ...]:
    """Every edit, the undone included, the earliest first. document: as measured."""
    return tuple(
        LoggedEdit(
            id=edit.id,
            what=words_of(edit, document, titles),
            reason=edit.reason,
            made_by=edit.made_by.name,
            made_at=edit.made_at.astimezone(zone),
            undone_by=edit.undone_by.name if edit.undone_by else None,
            undone_at=edit.undone_at.astimezone(zone) if edit.undone_at else None,
            skipped=skipped.get(edit.id),
            part=SECTION_OF.get(EditKind(edit.kind)) or ReportSection(edit.subject),
        )
        for edit in edits
    )


def edited_document(
    log: Sequence[LoggedEdit],
    camps: Sequence[EditedCamp] | None,
    comments: Mapping[ReportSection, Sequence[Comment]],
) -> dict[str, Any]:
    """The part "edited" of the file of a report; the measured parts stand beside it."""
    return {
        "camps": None
        if camps is None
        else [
            {
                "number": camp.number,
                "members": list(camp.members),
                "representative": camp.representative,
                "name": camp.name,
            }
            for camp in camps
        ],
        "comments": [
            {"section": section.value, "text": comment.text, "made_by": comment.made_by}
            for section, found in comments.items()
            for comment in found
        ],
        "log": [
            {
                "what": edit.what,
                "reason": edit.reason,
                "made_by": edit.made_by,
                "made_at": edit.made_at.isoformat(),
                "undone_by": edit.undone_by,
                "undone_at": edit.undone_at.isoformat() if edit.undone_at else None,
                "not_applied": edit.skipped,
            }
            for edit in log
        ],
    }


def words_of(edit: ReportEdit, document: Mapping[str, Any], titles: Mapping[ReportSection, str]) -> str:
    """What the edit does, in one sentence. Numbers of strategies are those of the time when it was made."""
    payload = edit.payload

    def who(wanted: dict[str, Any]) -> str:
        found = find_answer(dict(document), wanted)
        return _("An answer that is not here any more") if found is None else _label(document, found)

    match EditKind(edit.kind):
        case EditKind.MOVE_ANSWER:
            return _moved(who(payload["answer"]), payload)
        case EditKind.MERGE_CAMPS:
            return _(
                "Strategy %(goes)s is merged into strategy %(stays)s.",
                goes=payload["with_number"],
                stays=payload["number"],
            )
        case EditKind.SPLIT_CAMP:
            leaving = [who(wanted) for wanted in payload["answers"]]
            return ngettext(
                "Strategy %(number)s is split: %(answers)s stands apart.",
                "Strategy %(number)s is split: %(answers)s stand apart.",
                len(leaving),
                number=payload["number"],
                answers=_some(leaving),
            )
        case EditKind.RENAME_CAMP:
            return _(
                "Strategy %(number)s is called “%(name)s”.", number=payload["number"], name=payload["name"]
            )
        case EditKind.HIDE_QUOTE:
            if payload.get("question") is not None:
                return _("Words of an answer to a further question are not shown.")
            if payload.get("words"):
                return _("%(who)s: some words are not shown.", who=who(payload["answer"]))
            return _("%(who)s: the words are not shown.", who=who(payload["answer"]))
        case EditKind.COMMENT:
            return _("A comment on “%(section)s”.", section=titles[ReportSection(edit.subject)])
        case EditKind.RENAME_THEME:
            return _("A theme is called “%(label)s”.", label=payload["label"])


def _moved(who: str, payload: Mapping[str, Any]) -> str:
    """From a strategy or none, to another one, to one of its own or to none."""
    words = {"who": who, "here": payload.get("from_number"), "there": payload.get("to_number")}
    match payload["to"], bool(words["here"]):
        case str(to), True if to == NO_CAMP:
            return _("%(who)s: moved from strategy %(here)s to no strategy.", **words)
        case str(to), True if to == OWN_CAMP:
            return _("%(who)s: moved from strategy %(here)s to a strategy of its own.", **words)
        case _to, True:
            return _("%(who)s: moved from strategy %(here)s to strategy %(there)s.", **words)
        case str(to), False if to == NO_CAMP:
            return _("%(who)s: moved from no strategy to no strategy.", **words)
        case str(to), False if to == OWN_CAMP:
            return _("%(who)s: moved from no strategy to a strategy of its own.", **words)
        case _other:
            return _("%(who)s: moved from no strategy to strategy %(there)s.", **words)


def changes_of(camps: Sequence[EditedCamp], document: Mapping[str, Any]) -> dict[int, tuple[str, ...]]:
    """By the number of a camp, how it differs from what was measured, in sentences; nothing for one that does not."""
    before = {
        member: number
        for number, camp in enumerate(document["analysis"]["camps"], start=1)
        for member in camp["members"]
    }
    after = {member: camp.number for camp in camps for member in camp.members}
    found: dict[int, tuple[str, ...]] = {}
    for camp in camps:
        came = _by_place([m for m in camp.members if before.get(m) != camp.number], before)
        left = [member for member, number in before.items() if number == camp.number]
        went = _by_place([m for m in left if after.get(m) != camp.number], after)
        found[camp.number] = tuple(
            [_came_from(place, [_label(document, m) for m in members]) for place, members in came]
            + [_went_to(place, [_label(document, m) for m in members]) for place, members in went]
        )
    return found


def _came_from(place: int, labels: Sequence[str]) -> str:
    if place:
        return _("%(answers)s came from strategy %(number)s.", answers=_some(labels), number=place)
    return _("%(answers)s came from no strategy.", answers=_some(labels))


def _went_to(place: int, labels: Sequence[str]) -> str:
    if place:
        return _("%(answers)s went to strategy %(number)s.", answers=_some(labels), number=place)
    return _("%(answers)s went to no strategy.", answers=_some(labels))


def _by_place(members: Sequence[int], places: Mapping[int, int]) -> list[tuple[int, list[int]]]:
    """0 is no strategy."""
    found: dict[int, list[int]] = {}
    for member in sorted(members):
        found.setdefault(places.get(member, 0), []).append(member)
    return sorted(found.items())


def _label(document: Mapping[str, Any], number: int) -> str:
    return str(document["statements"][number]["label"])


def _some(labels: Sequence[str]) -> str:
    n = len(labels)
    return listed(list(labels)) if n <= MOST_LISTED else ngettext("%(n)s answer", "%(n)s answers", n)
