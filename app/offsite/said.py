"""What the meetings of a round said, for the report and its files (app/reports/meetings.py)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.offsite import queries
from app.offsite.models import Meeting
from app.offsite.plan import fork_between
from app.reports import queries as reports
from app.reports.meetings import Hands, MeetingView
from app.reports.presenting import ReportView, present


def find_meetings(session: Session, round_id: int) -> tuple[MeetingView, ...]:
    meetings = queries.list_meetings_that_said(session, round_id=round_id)
    if not meetings:
        return ()
    edits = reports.list_edits(session, round_id=round_id)
    views: dict[int, ReportView] = {}
    for meeting in meetings:
        if meeting.report_id not in views:
            views[meeting.report_id] = present(meeting.report, edits)
    return tuple(_said(meeting, views[meeting.report_id]) for meeting in meetings)


def _said(meeting: Meeting, view: ReportView) -> MeetingView:
    """Sides are called as they are called now: words that may no longer be shown are not shown here either. A fork
    whose sides the facilitator has put into one camp since is left out, for it has no two sides any more."""
    hands = []
    for counted in meeting.forks:
        fork = fork_between(view, counted)
        if fork is None or counted.n_left is None or counted.n_right is None or counted.n_undecided is None:
            continue
        left, right = fork.sides
        hands.append(Hands(left.label, right.label, counted.n_left, counted.n_right, counted.n_undecided))
    zone = ZoneInfo(view.round["time_zone"])
    return MeetingView(meeting.begun_at.astimezone(zone), tuple(hands), meeting.next_on)
