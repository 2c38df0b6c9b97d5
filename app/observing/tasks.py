from __future__ import annotations

from app.db import utc_now
from app.deliveries import sending
from app.deliveries.letters import Person
from app.deliveries.notes import post_note
from app.deliveries.queries import find_account
from app.jobs.handling import JobContext, JobRefused
from app.languages import gettext as _
from app.languages import speaking
from app.observing import queries, services
from app.surveys.translations import languages_of
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
        title = clean_line(round_.series.title)
        with speaking(languages_of(round_)[0]):
            subject = _("You observe: %(title)s", title=title)
            paragraphs = (
                _(
                    "%(asker)s asks the team: %(title)s The round %(label)s %(closes)s.",
                    asker=clean_line(round_.asker),
                    title=title,
                    label=clean_line(round_.label),
                    closes=closing_words(round_.closes_at, zone=round_.time_zone, now=utc_now()),
                ),
                _(
                    "You observe it: you are not asked, and nobody counts you among those who are. Afterwards this "
                    "page shows you what the participants are shown:"
                ),
                f"{context.settings.base_url}/observe/{token}",
                _("The link is yours alone: please do not pass it on."),
            )
        text = "\n\n".join(paragraphs) + "\n"
    try:
        post_note(
            context.settings,
            organisation_id=organisation_id,
            name=f"observer {observer_id}",
            to=to,
            reply_to=reply_to,
            subject=subject,
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
