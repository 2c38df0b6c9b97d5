from __future__ import annotations

from app.db import utc_now
from app.deliveries import sending
from app.deliveries.letters import Person
from app.deliveries.notes import post_note
from app.deliveries.queries import find_account
from app.jobs.handling import JobContext, JobRefused
from app.observing import queries, services
from app.surveys.wording import closing_words
from app.texts import clean_line


def tell_observer(context: JobContext) -> None:
    """Mail to an observer that the round is open, with a link of their own.

    Safe to repeat: whoever was told is not told again; a mail whose fate is unknown is sent again under the same
    Message-ID, and the link in either one works.
    """
    observer_id = int(context.payload["observer_id"])
    with context.database.writing() as session:
        observer = queries.get_observer(session, observer_id=observer_id)
        account = find_account(session, account_id=int(context.payload["account_id"]))
        if observer is None or account is None or observer.told_at is not None or not observer.email:
            return
        round_ = observer.round
        token = services.add_link(session, observer=observer, now=utc_now())
        organisation_id = round_.series.organisation_id
        to = Person(name=observer.name, address=observer.email)
        reply_to = Person(name=account.name, address=account.email)
        assert round_.closes_at is not None, "an open round has one"
        closing = closing_words(round_.closes_at, zone=round_.time_zone, now=utc_now())
        title = clean_line(round_.series.title)
        text = (
            f"{clean_line(round_.asker)} asks the team: {title} The round {clean_line(round_.label)} {closing}.\n\n"
            "You observe it: you are not asked, and nobody counts you among those who are. Afterwards this page "
            "shows you what the participants are shown:\n\n"
            f"{context.settings.base_url}/observe/{token}\n\n"
            "The link is yours alone: please do not pass it on.\n"
        )
    try:
        post_note(
            context.settings,
            organisation_id=organisation_id,
            name=f"observer {observer_id}",
            to=to,
            reply_to=reply_to,
            subject=f"You observe: {title}",
            text=text,
            now=utc_now(),
        )
    except (sending.Refused, sending.Unanswered) as problem:
        with context.database.writing() as session:
            observer = queries.get_observer(session, observer_id=observer_id)
            if observer is not None:
                observer.reason = problem.reason
        if isinstance(problem, sending.Refused) and not problem.may_pass:
            raise JobRefused(problem.reason) from problem
        raise
    with context.database.writing() as session:
        observer = queries.get_observer(session, observer_id=observer_id)
        if observer is not None:
            observer.told_at, observer.reason = utc_now(), ""
