"""What the clock does to rounds. Everything here is safe to do twice: what is due is looked up again under a lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.deliveries.models import ReminderPlan
from app.deliveries.queries import find_plan, list_to_invite
from app.deliveries.services import queue_invitations
from app.directory.queries import map_by_identity
from app.jobs.services import enqueue
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.observing.services import queue_telling
from app.running import queries
from app.running.calendar import days_later, moment_for, quarters_after
from app.running.models import Notice, QuarterlySchedule, ScheduledOpening
from app.surveys.models import Round, RoundState, Series
from app.surveys.queries import lock_round
from app.surveys.services import NotReady, WrongState, launch_round, start_next_round
from app.surveys.wording import closing_words, moment_words, number

# A server that was off for a while catches up; after so long somebody has to say whether it is still wanted.
LATEST = timedelta(days=7)


class OpeningRefused(Exception):
    """The round cannot be opened at that time; the message says why."""


@dataclass(frozen=True)
class SchedulePlan:
    """What the facilitator chooses about a quarterly schedule."""

    begins_on: date
    opens_at_time: time
    days_open: int
    closes_at_time: time
    time_zone: str
    is_mailing: bool
    is_reminding: bool


# --- One round, at a chosen time -------------------------------------------------------------------------------------


def schedule_opening(
    session: Session, *, round_: Round, account_id: int, opens_at: datetime, is_mailing: bool, now: datetime
) -> None:
    """Have a draft open by itself; chosen again, the newer choice holds."""
    lock_round(session, round_id=round_.id)
    if round_.state != RoundState.DRAFT:
        raise WrongState
    if opens_at <= now:
        raise OpeningRefused(_("This time is over already. Choose one that is still to come."))
    if round_.closes_at is not None and opens_at >= round_.closes_at:
        raise OpeningRefused(
            _("The round closes before this. Choose an earlier opening, or a later closing time.")
        )
    opening = queries.find_opening(session, round_id=round_.id)
    if opening is None:
        opening = ScheduledOpening(round_id=round_.id)
        session.add(opening)
    opening.opens_at, opening.is_mailing = opens_at, is_mailing
    opening.chosen_by_id, opening.chosen_at = account_id, now
    opening.refused_at, opening.refusal = None, ""
    session.flush()


def cancel_opening(session: Session, *, round_: Round) -> None:
    lock_round(session, round_id=round_.id)
    opening = queries.find_opening(session, round_id=round_.id)
    if opening is not None:
        session.delete(opening)
        session.flush()


def open_scheduled_round(session: Session, *, round_id: int, may_mail: bool, now: datetime) -> None:
    """Open the draft whose time has come; where the checklist does not hold it stays a draft and says why."""
    opening = _lock_opening(session, round_id)
    if opening is None or opening.refused_at is not None or opening.opens_at > now:
        return
    round_, key = opening.round, f"opening:{round_id}:{opening.opens_at.isoformat()}"
    account_id, is_mailing = opening.chosen_by_id, opening.is_mailing
    if round_.state != RoundState.DRAFT:
        session.delete(opening)
        session.flush()
        return
    try:
        if now - opening.opens_at > LATEST:
            at = moment_words(opening.opens_at, zone=round_.time_zone, now=now)
            raise NotReady(
                _("Its time was %(moment)s, and the server was not running. Choose a new time.", moment=at)
            )
        words = _launch(session, round_, account_id, is_mailing=is_mailing, may_mail=may_mail, now=now)
    except NotReady as problem:
        refuse_opening(session, opening=opening, reason=str(problem), now=now)
        return
    session.delete(opening)
    session.flush()
    _tell(
        session,
        round_,
        account_id,
        key=key,
        title=_("%(round)s is open", round=round_.label),
        words=words,
        now=now,
    )


def refuse_opening(session: Session, *, opening: ScheduledOpening, reason: str, now: datetime) -> None:
    """Leave the round a draft, and tell whoever had chosen the time."""
    opening.refused_at, opening.refusal = now, reason
    session.flush()
    round_ = opening.round
    _tell(
        session,
        round_,
        opening.chosen_by_id,
        key=f"opening refused:{round_.id}:{opening.opens_at.isoformat()}",
        title=_("%(round)s was not opened", round=round_.label),
        words=_(
            "Its opening time has come, but something is missing. %(reason)s It is still a draft.",
            reason=reason,
        ),
        now=now,
    )


def _lock_opening(session: Session, round_id: int) -> ScheduledOpening | None:
    opening = session.get(ScheduledOpening, round_id)
    if opening is None:
        return None
    lock_round(session, round_id=round_id)
    # Another worker may have opened the round while this one waited.
    return session.get(ScheduledOpening, round_id, populate_existing=True)


# --- A series, every quarter -----------------------------------------------------------------------------------------


def keep_schedule(
    session: Session, *, series: Series, account_id: int, plan: SchedulePlan, now: datetime
) -> QuarterlySchedule:
    """Ask this series again every quarter, from `begins_on`; a schedule that is there is replaced."""
    schedule = queries.lock_schedule(session, series_id=series.id)
    if schedule is None:
        schedule = QuarterlySchedule(series_id=series.id)
        session.add(schedule)
    schedule.begins_on, schedule.number = plan.begins_on, 0
    schedule.opens_at_time, schedule.closes_at_time = plan.opens_at_time, plan.closes_at_time
    schedule.days_open, schedule.time_zone = plan.days_open, plan.time_zone
    schedule.is_mailing, schedule.is_reminding = plan.is_mailing, plan.is_reminding
    schedule.is_paused = False
    schedule.chosen_by_id, schedule.chosen_at = account_id, now
    session.flush()
    return schedule


def pause_schedule(session: Session, *, schedule: QuarterlySchedule, is_paused: bool, now: datetime) -> None:
    """Stop asking for a while, or go on; what fell into the pause is not made up for."""
    schedule.is_paused = is_paused
    if not is_paused:
        while next_opening(schedule) <= now:
            schedule.number += 1
    session.flush()


def end_schedule(session: Session, *, schedule: QuarterlySchedule) -> None:
    session.delete(schedule)
    session.flush()


def next_opening(schedule: QuarterlySchedule) -> datetime:
    day = quarters_after(schedule.begins_on, schedule.number)
    return moment_for(day, schedule.opens_at_time, zone=schedule.time_zone)


def open_next_pulse(session: Session, *, series_id: int, may_mail: bool, now: datetime) -> None:
    """Open this quarter's round of the series, with everybody of the last one who has not left."""
    schedule = queries.lock_schedule(session, series_id=series_id)
    if schedule is None or schedule.is_paused or next_opening(schedule) > now:
        return
    due_at, key = next_opening(schedule), f"pulse:{series_id}:{schedule.begins_on}:{schedule.number}"
    # Whatever comes of it, this quarter has had its turn.
    schedule.number += 1
    session.flush()
    last = queries.list_rounds(session, series_id=series_id)[-1]
    at = moment_words(due_at, zone=schedule.time_zone, now=now)
    refusal = None
    if now - due_at > LATEST:
        refusal = _("Its time was %(moment)s, and the server was not running.", moment=at)
    elif queries.is_any_round_open(session, series_id=series_id):
        refusal = _("The round before it is still open.")
    if refusal is not None:
        title = _("No new round of %(title)s", title=schedule.series.title)
        _tell(
            session,
            last,
            schedule.chosen_by_id,
            key=key,
            title=title,
            words=f"{refusal} {_NEXT_QUARTER}",
            now=now,
        )
        return
    round_ = _prepare(session, last, schedule, now)
    try:
        words = _launch(
            session, round_, schedule.chosen_by_id, is_mailing=schedule.is_mailing, may_mail=may_mail, now=now
        )
    except NotReady as problem:
        words = _(
            "The quarterly time has come, but something is missing. %(reason)s It is kept as a draft.",
            reason=problem,
        )
        title = _("%(round)s was not opened", round=round_.label)
    else:
        title = _("%(round)s is open", round=round_.label)
        if schedule.is_reminding and find_plan(session, round_id=round_.id) is None:
            session.add(ReminderPlan(round_id=round_.id, chosen_by_id=schedule.chosen_by_id, chosen_at=now))
    _tell(session, round_, schedule.chosen_by_id, key=key, title=title, words=words, now=now)


def give_up_pulse(session: Session, *, schedule: QuarterlySchedule, now: datetime) -> None:
    """The worker has tried and failed: say so, and wait for the next quarter."""
    key = f"pulse:{schedule.series_id}:{schedule.begins_on}:{schedule.number}"
    schedule.number += 1
    session.flush()
    last = queries.list_rounds(session, series_id=schedule.series_id)[-1]
    title = _("No new round of %(title)s", title=schedule.series.title)
    failed = _("The worker could not open it.")
    words = f"{failed} {_NEXT_QUARTER}"
    _tell(session, last, schedule.chosen_by_id, key=key, title=title, words=words, now=now)


_NEXT_QUARTER = _l("The schedule goes on next quarter; to ask earlier, start the next round by hand.")


def _prepare(session: Session, last: Round, schedule: QuarterlySchedule, now: datetime) -> Round:
    """The draft to open: one that somebody has begun, or the last round's next one."""
    lock_round(session, round_id=last.id)
    round_ = last if last.state == RoundState.DRAFT else start_next_round(session, round_=last, now=now)
    people = map_by_identity(session, organisation_id=round_.series.organisation_id)
    for participant in list(round_.participants):
        known = people.get(participant.identity)
        if known is not None and known.left_at is not None:
            session.delete(participant)
    if round_.closes_at is None or round_.closes_at <= now:
        round_.time_zone = schedule.time_zone
        round_.closes_at = days_later(
            now, schedule.days_open, schedule.closes_at_time, zone=schedule.time_zone
        )
    opening = queries.find_opening(session, round_id=round_.id)
    if opening is not None:
        session.delete(opening)
    session.flush()
    session.expire(round_, ["participants"])
    return round_


# --- Both ------------------------------------------------------------------------------------------------------------


def _launch(
    session: Session, round_: Round, account_id: int, *, is_mailing: bool, may_mail: bool, now: datetime
) -> str:
    """Open the round and send what was chosen; what happened, in words. Raises NotReady."""
    launch_round(session, round_=round_, key=None, now=now)
    assert round_.closes_at is not None, "an open round has one"
    words = _("It %(closing)s.", closing=closing_words(round_.closes_at, zone=round_.time_zone, now=now))
    people = list_to_invite(session, round_id=round_.id) if is_mailing and may_mail else []
    if people:
        queue_invitations(session, round_=round_, account_id=account_id, n_expected=len(people), now=now)
        on_the_way = ngettext(
            "%(n)s invitation is on the way.",
            "%(n)s invitations are on the way.",
            len(people),
            n=number(len(people)),
        )
        words += f" {on_the_way}"
    if is_mailing and may_mail:
        queue_telling(session, round_=round_, account_id=account_id, now=now)
    n_left = len(round_.participants) - len(people)
    if n_left:
        without = ngettext(
            "%(n)s person has no link yet: make it under “People and links”.",
            "%(n)s people have no link yet: make it under “People and links”.",
            n_left,
            n=number(n_left),
        )
        words += f" {without}"
    return words


def _tell(
    session: Session, round_: Round, account_id: int, *, key: str, title: str, words: str, now: datetime
) -> None:
    """Put it on the home page and have it mailed, once for each key."""
    if queries.find_notice_by_key(session, key=key) is not None:
        return
    notice = Notice(
        organisation_id=round_.series.organisation_id,
        account_id=account_id,
        round_id=round_.id,
        key=key,
        title=title[:200],
        words=words,
        created_at=now,
    )
    session.add(notice)
    session.flush()
    enqueue(session, kind="send_notice", key=f"send_notice:{notice.id}", payload={"notice_id": notice.id})


def dismiss_notice(session: Session, *, notice: Notice, now: datetime) -> None:
    notice.dismissed_at = now
    session.flush()
