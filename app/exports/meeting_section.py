"""What the meetings about a report said: hands as counts, never whose, and when the team asks again."""

from __future__ import annotations

from collections.abc import Collection

from app.exports.content import Block, Column, Section, Table, Text
from app.languages import gettext as _
from app.reports.meetings import MeetingView
from app.reports.models import ReportSection
from app.reports.presenting import ReportView
from app.surveys.wording import MONTHS


def meeting_section(
    report: ReportView, shown: Collection[ReportSection] = frozenset(ReportSection)
) -> Section | None:
    """shown: hands tell what the sides of the forks are, so they are told with the forks."""
    has_forks = ReportSection.FORKS in shown
    blocks = tuple(block for meeting in report.meetings for block in _of(meeting, has_forks=has_forks))
    if not blocks:
        return None
    has_hands = has_forks and any(meeting.hands for meeting in report.meetings)
    return Section(
        key="meeting",
        part=ReportSection.NEXT_STEPS,
        title=_("What the meeting said") if len(report.meetings) == 1 else _("What the meetings said"),
        lead=_(
            "Hands that were shown after each fork was talked through. They are counts: nobody kept whose."
        )
        if has_hands
        else "",
        blocks=blocks,
        notes=(_("Hands show where the room stood that day. They do not decide anything."),)
        if has_hands
        else (),
    )


def _of(meeting: MeetingView, *, has_forks: bool) -> tuple[Block, ...]:
    held = meeting.held_at
    day = f"{held.day} {MONTHS[held.month - 1]} {held.year}"
    blocks: list[Block] = []
    if meeting.hands and has_forks:
        blocks.append(
            Table(
                _("Show of hands, %(day)s", day=day),
                (
                    Column(_("Left")),
                    Column(_("Right")),
                    Column(_("For the left"), "count"),
                    Column(_("For the right"), "count"),
                    Column(_("Undecided"), "count"),
                ),
                tuple(
                    (hands.left, hands.right, hands.n_left, hands.n_right, hands.n_undecided)
                    for hands in meeting.hands
                ),
            )
        )
    if meeting.next_on is not None:
        on = meeting.next_on
        blocks.append(
            Text(
                _(
                    "The meeting of %(day)s agreed to ask again on %(next)s.",
                    day=day,
                    next=f"{on.day} {MONTHS[on.month - 1]} {on.year}",
                )
            )
        )
    return tuple(blocks)
