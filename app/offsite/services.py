"""A meeting from its beginning to the next date: move, run the clock, count hands, keep what is written."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.languages import gettext as _
from app.offsite.models import Meeting, MeetingFork, Showing
from app.offsite.plan import Plan, sharpest_forks
from app.people.models import Account
from app.reports import queries as reports
from app.reports.models import Report, ReportSection
from app.reports.presenting import ReportView
from app.reports.reading_order import reading_order
from app.reports.revealing import reveal_report
from app.surveys.models import Round

# A clock that somebody forgot runs no longer than a day.
LONGEST_CLOCK = 24 * 60 * 60


class CannotBegin(Exception):
    """There is nothing to run a meeting from; the message says why."""


class CountedMeanwhile(Exception):
    """Another count was kept since this one was begun: neither replaces the other unseen."""


def begin_meeting(
    session: Session,
    *,
    round_: Round,
    report: Report,
    view: ReportView,
    showing: Showing,
    by: Account,
    now: datetime,
) -> Meeting:
    """Begin a meeting, or a rehearsal, of this report. The first choice shows the team all of it, the second what its
    cover says; raises RevealRefused where it may not be shown, CannotBegin where there is nothing in it."""
    if view.is_withheld:
        raise CannotBegin(_("Too few people answered: there is no report to run a meeting from."))
    meeting = Meeting(
        round_id=round_.id,
        report_id=report.id,
        showing=showing,
        begun_by_id=by.id,
        begun_at=now,
        slide="cover",
        changes=0,
        changed_at=now,
        clock_step="",
        clock_spent=0,
        only="",
        whose="",
        for_whom="",
        not_doing="",
        forks=forks_of(view),
    )
    meeting.round, meeting.report = round_, report
    session.add(meeting)
    if showing == Showing.AT_ONCE:
        _show(session, meeting, {part.section for part in reading_order(view)}, by, now)
    elif showing == Showing.AS_IT_GOES:
        _show(session, meeting, {ReportSection.ASKED}, by, now)
    session.flush()
    return meeting


def forks_of(view: ReportView) -> list[MeetingFork]:
    """The forks that a meeting of this report talks through, not counted yet."""
    return [
        MeetingFork(number=number, left_answer=left, right_answer=right, counts=0)
        for number, (left, right) in enumerate(sharpest_forks(view), start=1)
    ]


def move_to(
    session: Session, *, meeting: Meeting, plan: Plan, slide: str, by: Account, now: datetime
) -> tuple[ReportSection, ...]:
    """Go to a slide; where the meeting shows the report as it goes, its section is shown to the team. Returns what was
    not shown before. A slide that this meeting does not have is a KeyError. Safe to repeat."""
    found = plan.find(slide)
    if found is None:
        raise KeyError(slide)
    if meeting.slide != slide:
        meeting.slide = slide
        _changed(meeting, now)
    fresh: tuple[ReportSection, ...] = ()
    if meeting.showing == Showing.AS_IT_GOES and found.section is not None:
        fresh = _show(session, meeting, {found.section}, by, now)
    session.flush()
    return fresh


def _show(
    session: Session, meeting: Meeting, sections: set[ReportSection], by: Account, now: datetime
) -> tuple[ReportSection, ...]:
    # The lock of a reveal is for what changes: a slide that was shown before takes none.
    if sections <= reports.revealed_sections(session, round_=meeting.round):
        return ()
    return reveal_report(session, round_=meeting.round, sections=sections, by=by, now=now)


def set_clock(
    session: Session, *, meeting: Meeting, step: str, spent: int, is_running: bool, now: datetime
) -> None:
    """The clock of a step as it stands: so many seconds have run, and it runs on or rests."""
    meeting.clock_step = step
    meeting.clock_spent = min(max(spent, 0), LONGEST_CLOCK)
    meeting.clock_started_at = now if is_running else None
    _changed(meeting, now)
    session.flush()


def count_hands(
    session: Session,
    *,
    meeting: Meeting,
    number: int,
    n_left: int,
    n_right: int,
    n_undecided: int,
    based_on: int,
    now: datetime,
) -> MeetingFork:
    """Keep a show of hands, or correct it. based_on: how often it had been kept when the counting began. The same
    numbers again change nothing, so a count that is sent twice is kept once; other numbers over a count that the
    sender has not seen raise CountedMeanwhile. A fork that this meeting does not have is a KeyError."""
    fork = next((fork for fork in meeting.forks if fork.number == number), None)
    if fork is None:
        raise KeyError(number)
    if fork.is_counted and (fork.n_left, fork.n_right, fork.n_undecided) == (n_left, n_right, n_undecided):
        return fork
    if fork.counts != based_on:
        raise CountedMeanwhile
    fork.n_left, fork.n_right, fork.n_undecided = n_left, n_right, n_undecided
    fork.counts += 1
    fork.counted_at = now
    _changed(meeting, now)
    session.flush()
    return fork


def write_words(
    session: Session, *, meeting: Meeting, only: str, whose: str, for_whom: str, not_doing: str, now: datetime
) -> None:
    """Keep what stands on the blank thesis."""
    meeting.only, meeting.whose, meeting.for_whom, meeting.not_doing = only, whose, for_whom, not_doing
    _changed(meeting, now)
    session.flush()


def set_next_date(session: Session, *, meeting: Meeting, next_on: date | None, now: datetime) -> None:
    meeting.next_on = next_on
    _changed(meeting, now)
    session.flush()


def _changed(meeting: Meeting, now: datetime) -> None:
    meeting.changes += 1
    meeting.changed_at = now


def as_thesis(meeting: Meeting) -> str:
    """What stands on the blank thesis, as the beginning of a draft; empty where nothing was written."""
    if not any((meeting.only, meeting.whose, meeting.for_whom, meeting.not_doing)):
        return ""
    lines = []
    if meeting.only or meeting.whose:
        lines.append(
            _(
                "The only %(only)s whose %(whose)s.", only=meeting.only or "…", whose=meeting.whose or "…"
            ).replace("..", ".")
        )
    if meeting.for_whom:
        lines.append(_("For whom: %(words)s", words=meeting.for_whom))
    if meeting.not_doing:
        lines.append(_("We choose not to: %(words)s", words=meeting.not_doing))
    return "\n".join(lines)
