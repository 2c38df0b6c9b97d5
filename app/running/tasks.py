"""What the worker does by the clock. Looking at the clock only writes jobs; a job opens one round, or none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.db import utc_now
from app.deliveries import sending
from app.deliveries.letters import Person
from app.deliveries.notes import post_note
from app.deliveries.posting import Way, way_of
from app.deliveries.services import ask_for_check
from app.jobs.handling import JobContext, JobRefused
from app.jobs.models import JobState
from app.jobs.queries import find_job, find_latest_job
from app.jobs.services import enqueue
from app.languages import SOURCE, speaking
from app.languages import gettext as _
from app.running import queries, services
from app.surveys.models import Round
from app.surveys.translations import languages_of

SOON = timedelta(hours=1)


def start_due_openings(session: Session, now: datetime) -> None:
    """One job for each draft whose opening time has come. Safe to repeat: a job is made once."""
    for opening in queries.list_due_openings(session, now=now):
        key = f"open_round:{opening.round_id}:{opening.opens_at.isoformat()}"
        job = find_job(session, key=key)
        if job is None:
            enqueue(session, kind="open_round", key=key, payload={"round_id": opening.round_id}, due_at=now)
        elif job.state == JobState.FAILED:
            with speaking(_language_of(opening.round)):
                services.refuse_opening(
                    session, opening=opening, reason=_("The worker could not open the round."), now=now
                )


def try_mail_before_openings(session: Session, now: datetime) -> None:
    """Try the mail server in the hour before a round opens by itself with mails, so that its checklist is up to date.

    Safe to repeat: once an hour is enough.
    """
    if not queries.is_mailing_soon(session, now=now, within=SOON):
        return
    last = find_latest_job(session, key_prefix="check_mail_server:")
    if last is None or now - last.created_at >= SOON:
        ask_for_check(session, now=now)


def start_due_pulses(session: Session, now: datetime) -> None:
    """One job for each series whose quarter has come. Safe to repeat: a job is made once."""
    for schedule in queries.list_running_schedules(session):
        due_at = services.next_opening(schedule)
        key = f"open_pulse:{schedule.series_id}:{due_at.isoformat()}"
        if due_at > now:
            continue
        job = find_job(session, key=key)
        if job is None:
            enqueue(
                session, kind="open_pulse", key=key, payload={"series_id": schedule.series_id}, due_at=now
            )
        elif job.state == JobState.FAILED:
            with speaking(_language_of(*queries.list_rounds(session, series_id=schedule.series_id)[-1:])):
                services.give_up_pulse(session, schedule=schedule, now=now)


def _language_of(round_: Round | None = None) -> str:
    """What the worker tells of a round is written once, in its main language, as its mails are."""
    return languages_of(round_)[0] if round_ is not None else SOURCE


def open_round(context: JobContext) -> None:
    """Open a draft at the time that was chosen for it. Safe to repeat: an open round is not opened again."""
    may_mail = way_of(context.settings) != Way.NONE
    round_id = int(context.payload["round_id"])
    with context.database.writing() as session, speaking(_language_of(session.get(Round, round_id))):
        services.open_scheduled_round(session, round_id=round_id, may_mail=may_mail, now=utc_now())


def open_pulse(context: JobContext) -> None:
    """Open this quarter's round of a series. Safe to repeat: a quarter has one turn."""
    may_mail = way_of(context.settings) != Way.NONE
    series_id = int(context.payload["series_id"])
    with context.database.writing() as session:
        last = queries.list_rounds(session, series_id=series_id)[-1:]
        with speaking(_language_of(*last)):
            services.open_next_pulse(session, series_id=series_id, may_mail=may_mail, now=utc_now())


def send_notice(context: JobContext) -> None:
    """Mail to the facilitator what the home page says. Safe to repeat: the mail keeps its Message-ID."""
    if way_of(context.settings) == Way.NONE:
        return
    with context.database.reading() as session:
        notice = queries.get_notice(session, notice_id=int(context.payload["notice_id"]))
        if notice is None or notice.dismissed_at is not None:
            return
        account, round_ = notice.account, notice.round
    with speaking(_language_of(round_)):
        because = _("Ninefold sends this because you chose the time.")
    where = f"\n\n{context.settings.base_url}/rounds/{round_.id}" if round_ is not None else ""
    try:
        post_note(
            context.settings,
            organisation_id=notice.organisation_id,
            name=f"notice {notice.key}",
            to=Person(name=account.name, address=account.email),
            subject=notice.title,
            text=f"{notice.title}.\n\n{notice.words}{where}\n\n{because}\n",
            now=utc_now(),
        )
    except sending.Refused as refusal:
        if not refusal.may_pass:
            raise JobRefused(refusal.reason) from refusal
        raise
