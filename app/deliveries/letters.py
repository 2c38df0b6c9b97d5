"""A mail as it is sent: subject, text and HTML from one set of facts, and the message around them.

The preview page shows what comes of here, so it is the mail itself. Jinja stands on its own because the worker has no
Flask. No image, no tracking, nothing that is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.config import packaged
from app.deliveries.models import DeliveryKind
from app.languages import direction, language, speaking
from app.languages import gettext as _
from app.languages.templates import install
from app.surveys.answering.values import minutes_for
from app.surveys.confidentiality import UNTIL_THE_CLOSE, Promise, promise_of
from app.surveys.models import Participant, Round
from app.surveys.observers import observer_words
from app.surveys.translations import languages_of
from app.surveys.wording import counted, moment_words
from app.texts import clean_line

# In place of a personal link wherever a mail is only looked at; it opens nothing.
EXAMPLE_TOKEN = "EXAMPLE-the-real-mail-has-a-personal-link-here"  # noqa: S105 - a word, not a secret

# The same for the address that stops reminders.
EXAMPLE_STOP = "EXAMPLE-the-real-mail-has-its-own"


@dataclass(frozen=True)
class Person:
    name: str
    address: str


@dataclass(frozen=True)
class Facts:
    """Everything that a mail says."""

    kind: DeliveryKind
    to: Person
    reply_to: Person
    title: str
    asked_by: str
    asker: str
    organisation: str
    introduction: str
    n_others: int
    closes: str
    takes: str
    promise: Promise
    until_the_close: str
    observers: str | None
    link: str
    stop_link: str
    language: str
    direction: str

    @property
    def is_reminder(self) -> bool:
        return self.kind == DeliveryKind.REMINDER


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def facts_for(
    round_: Round,
    participant: Participant,
    *,
    kind: DeliveryKind,
    organisation: str,
    reply_to: Person,
    n_people: int,
    base_url: str,
    token: str,
    now: datetime,
    stop: str = EXAMPLE_STOP,
    paces: Mapping[str, float] | None = None,
) -> Facts:
    """In the main language of the round.

    paces: seconds learnt for each kind of question, so that the mail and the first page say the same minutes.
    """
    with speaking(languages_of(round_)[0]):
        return _facts(
            round_,
            participant,
            kind=kind,
            organisation=organisation,
            reply_to=reply_to,
            n_people=n_people,
            link=f"{base_url}/r/{token}",
            stop_link=f"{base_url}/no-reminders/{stop}",
            now=now,
            paces=paces,
        )


def _facts(
    round_: Round,
    participant: Participant,
    *,
    kind: DeliveryKind,
    organisation: str,
    reply_to: Person,
    n_people: int,
    link: str,
    stop_link: str,
    now: datetime,
    paces: Mapping[str, float] | None,
) -> Facts:
    some_are_conditional = any(question.condition for question in round_.questions)
    takes = {
        "questions": counted(len(round_.questions), "question", "questions"),
        "minutes": counted(minutes_for(round_.questions, paces), "minute", "minutes"),
    }
    return Facts(
        kind=kind,
        to=Person(name=clean_line(participant.name), address=participant.email),
        reply_to=reply_to,
        title=clean_line(round_.series.title),
        asked_by=clean_line(round_.asked_by),
        asker=clean_line(round_.asker),
        organisation=clean_line(organisation),
        introduction=round_.introduction,
        n_others=max(n_people - 1, 0),
        closes=_closing_words(round_, now),
        takes=_("up to %(questions)s, about %(minutes)s", **takes)
        if some_are_conditional
        else _("%(questions)s, about %(minutes)s", **takes),
        promise=promise_of(round_),
        until_the_close=str(UNTIL_THE_CLOSE),
        observers=observer_words(round_),
        link=link,
        stop_link=stop_link,
        language=language(),
        direction=direction(),
    )


def write(facts: Facts, *, is_test: bool = False) -> Letter:
    """In the language of the facts."""
    words = {"letter": facts, "is_test": is_test}
    with speaking(facts.language):
        said = {"asker": facts.asker, "title": facts.title}
        subject = (
            _("Reminder: %(asker)s asks you: %(title)s", **said)
            if facts.is_reminder
            else _("%(asker)s asks you: %(title)s", **said)
        )
        return Letter(
            subject=_("[Test] %(subject)s", subject=subject) if is_test else subject,
            text=_templates().get_template("deliveries/letter.txt").render(words),
            html=_templates().get_template("deliveries/letter.html").render(words),
        )


def message(letter: Letter, facts: Facts, *, sender: Person, message_key: str, now: datetime) -> EmailMessage:
    """The letter with its headers. Names are put on one line, and the header classes refuse any line end."""
    # Seven bits, because not every server takes eight; the headers of an international address need UTF-8.
    is_ascii = facts.to.address.isascii()
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=not is_ascii))
    made["From"] = address_of(sender)
    made["To"] = address_of(facts.to)
    made["Reply-To"] = address_of(facts.reply_to)
    made["Subject"] = clean_line(letter.subject)
    made["Date"] = format_datetime(now.astimezone(UTC))
    made["Message-ID"] = f"<{message_key}@{sender.address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    with speaking(facts.language):
        stop = quote(_("No more mails about: %(title)s", title=facts.title))
    by_mail = f"<mailto:{quote(facts.reply_to.address, safe='@')}?subject={stop}>"
    made["List-Unsubscribe"] = f"<{facts.stop_link}>, {by_mail}"
    if facts.stop_link.startswith("https://"):
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def _closing_words(round_: Round, now: datetime) -> str:
    assert round_.closes_at is not None, "a round whose mails are written has a closing time"
    words = moment_words(round_.closes_at, zone=round_.time_zone, now=now)
    return words if round_.time_zone == "UTC" else f"{words} ({round_.closes_at.astimezone(UTC):%H:%M} UTC)"


def address_of(person: Person) -> Address:
    user, _, domain = person.address.rpartition("@")
    return Address(display_name=clean_line(person.name), username=user, domain=domain)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(packaged("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    install(environment)
    return environment
