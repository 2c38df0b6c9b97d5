from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask, url_for
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.deliveries import letters
from app.deliveries.letters import Facts, Person
from app.deliveries.models import DeliveryKind
from app.surveys.confidentiality import UNTIL_THE_CLOSE, promise
from app.surveys.models import Confidentiality, Participant, Question, QuestionKind, Round, Series

NOW = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
SENDER = Person(name="Ninefold", address="surveys@halden.example")
MARA = Person(name="Mara Lind", address="mara@halden.example")
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
}  # fmt: skip


def facts(
    mode: Confidentiality = Confidentiality.NAMED, kind: DeliveryKind = DeliveryKind.INVITATION
) -> Facts:
    round_ = Round(
        series=Series(title="What is our strategy?"),
        label="Q4 2026",
        asked_by="Mara Lind, CMO",
        introduction="We plan the next year.\nYour view counts.",
        confidentiality=mode,
        min_answers=6,
        min_theme_answers=9,
        time_zone="Europe/Berlin",
        closes_at=datetime(2026, 12, 11, 16, 0, tzinfo=UTC),
        questions=[
            Question(kind=QuestionKind.OPEN_TEXT, position=1),
            Question(kind=QuestionKind.PERCEPTION_GUESS, position=2),
        ],
    )
    return letters.facts_for(
        round_,
        Participant(name="Anna Berg", email="anna@halden.example"),
        kind=kind,
        organisation="Halden Instruments",
        reply_to=MARA,
        n_people=9,
        base_url="https://ninefold.example.com",
        token="TOKEN",
        now=NOW,
    )


def sent(facts: Facts, is_test: bool = False) -> EmailMessage:
    """The mail as the other side reads it."""
    made = letters.message(
        letters.write(facts, is_test=is_test), facts, sender=SENDER, message_key="0" * 32, now=NOW
    )
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return " ".join(str(part.get_content()).split())


@pytest.mark.parametrize("mode", list(Confidentiality))
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_mail_says_who_sees_what_in_the_sentences_of_the_first_page(mode: Confidentiality, kind: str) -> None:
    text = text_of(sent(facts(mode)), kind)
    told = promise(mode)
    for sentence in (told.summary, *told.who_sees, *told.limits, str(UNTIL_THE_CLOSE)):
        assert sentence in text
    assert ("Below 6 answers nothing" in text) == (mode != Confidentiality.NAMED)
    assert ("below 9 no sentence is quoted" in text) == (mode != Confidentiality.NAMED)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_mail_says_who_asks_why_how_long_and_until_when(kind: str) -> None:
    text = text_of(sent(facts()), kind)
    for words in (
        "Mara Lind, CMO",
        "you and 8 others",
        "Halden Instruments",
        "What is our strategy?",
        "We plan the next year.",
        "Fri 11 Dec 17:00 Berlin (16:00 UTC)",
        "2 questions, about",
        "https://ninefold.example.com/r/TOKEN",
        "your answer goes to",
    ):
        assert words in text
    assert "this is a reminder" not in text


def test_reminder_says_that_it_is_one_and_that_its_link_counts() -> None:
    mail = sent(facts(kind=DeliveryKind.REMINDER))
    assert mail["Subject"].startswith("Reminder: ")
    assert "takes the place of any that you were sent before" in text_of(mail, "plain")


def test_test_mail_says_so() -> None:
    mail = sent(facts(), is_test=True)
    assert mail["Subject"].startswith("[Test] ")
    assert "This is a test." in text_of(mail, "html")


def test_headers_let_mail_programs_do_the_right_thing() -> None:
    mail = sent(facts())
    assert mail["Subject"] == "Mara Lind, CMO, asks you: What is our strategy?"
    assert mail["To"] == "Anna Berg <anna@halden.example>"
    assert mail["Reply-To"] == "Mara Lind <mara@halden.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    one_click, by_mail = mail["List-Unsubscribe"].split(", ")
    assert one_click.startswith("<https://ninefold.example.com/no-reminders/")
    assert by_mail.startswith("<mailto:mara@halden.example?subject=No%20more")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<{'0' * 32}@halden.example>"
    assert mail["Date"].datetime == NOW


def test_html_loads_nothing_and_runs_nothing() -> None:
    evil = replace(facts(), introduction='<script>alert(1)</script><img src="https://x.example/p.gif">')
    html = text_of(sent(evil), "html")
    assert "<script" not in html
    assert "<img" not in html
    assert "style=" not in html
    assert "&lt;script&gt;" in html


def test_link_is_the_address_of_the_first_page(app: Flask) -> None:
    with app.test_request_context():
        assert facts().link == "https://ninefold.example.com" + url_for("answering.begin", token="TOKEN")


NAMES = st.text(max_size=60) | st.text(alphabet="ab\r\n\x00\x0b\x0c\x85\u2028\u2029 :,<>\"'@=?é", max_size=60)


@given(name=NAMES, asked_by=NAMES, title=NAMES, organisation=NAMES)
@hypothesis_settings(max_examples=500, deadline=None)
def test_no_name_adds_a_header(name: str, asked_by: str, title: str, organisation: str) -> None:
    names = {"asked_by": asked_by, "asker": asked_by, "title": title, "organisation": organisation}
    clean = {key: value.encode("utf-8", "ignore").decode() for key, value in names.items()}
    person = Person(name=name.encode("utf-8", "ignore").decode(), address="anna@halden.example")
    mail = sent(replace(facts(), to=person, **clean))
    assert {key for key in mail.keys()} == HEADERS  # noqa: SIM118, C416 - a mail is no dictionary
    assert len(mail.keys()) == len(HEADERS)
    assert [address.addr_spec for address in mail["To"].addresses] == ["anna@halden.example"]


@pytest.mark.parametrize("name", ["Zoë Müller", "山田 太郎", "Berg, Anna", 'Anna "Ace" Berg', "محمد علي"])
def test_names_of_every_script_arrive_as_written(name: str) -> None:
    mail = sent(replace(facts(), to=Person(name=name, address="anna@halden.example")))
    (address,) = mail["To"].addresses
    assert address == Address(display_name=name, username="anna", domain="halden.example")


def test_address_with_other_letters_is_written_in_utf8() -> None:
    made = facts()
    made = replace(made, to=Person(name="Zoë", address="zoë@halden.example"))
    content = letters.message(
        letters.write(made), made, sender=SENDER, message_key="0" * 32, now=NOW
    ).as_bytes()
    assert "zoë@halden.example".encode() in content
