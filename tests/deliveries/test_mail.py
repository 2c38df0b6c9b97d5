"""The facilitator's pages of the mail of a round."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.db import Database, utc_now
from app.deliveries.letters import EXAMPLE_STOP, EXAMPLE_TOKEN
from app.deliveries.models import Delivery, ReminderPlan, ReminderStop
from app.jobs.models import Job
from app.people.models import Account
from app.surveys.models import Participant, ParticipantState, Round
from app.worker import Worker
from tests import factories
from tests.deliveries.conftest import Look, body_of, link_in, mail_server
from tests.deliveries.servers import Post, free_port
from tests.pages import Browser
from tests.surveys.conftest import hidden


def test_preview_is_the_mail_itself_and_sends_nothing(mara: Browser, round_: Round, deliveries: Look) -> None:
    page = mara.get(f"/rounds/{round_.id}/mail/invitations")
    assert "Hello Anna Berg," in page.main
    assert "Mara Lind, CMO, asks you: What is our strategy?" in page.main
    assert "EXAMPLE" in page.main
    assert "Send to 3 people" in page.main
    assert deliveries() == []


def test_preview_and_mail_say_the_same(mara: Browser, worker: Worker, round_: Round, post: Post) -> None:
    page = mara.get(f"/rounds/{round_.id}/mail/invitations")
    mara.post(f"/rounds/{round_.id}/mail/invitations", {"count": hidden(page, "count")}, status=302)
    worker.run_until_idle()
    (anna,) = [mail for mail in post.mails if "anna@" in str(mail["To"])]
    token = link_in(anna).removeprefix("/r/")
    shown = " ".join(page.text.split())
    body = body_of(anna).replace(token, EXAMPLE_TOKEN)
    body = re.sub(r"(?<=/no-reminders/)\S+", EXAMPLE_STOP, body)
    for line in body.splitlines():
        assert " ".join(line.split()) in shown.replace("&#39;", "'")


def test_send_is_confirmed_with_the_number_that_was_shown(
    mara: Browser, worker: Worker, round_: Round, post: Post
) -> None:
    page = mara.get(f"/rounds/{round_.id}/mail/invitations")

    answer = mara.post(f"/rounds/{round_.id}/mail/invitations", {"count": hidden(page, "count")}, status=302)

    assert "3 invitations are on the way" in mara.follow(answer).main
    worker.run_until_idle()
    assert len(post.mails) == 3
    assert mara.get(f"/rounds/{round_.id}").main.count("Invitation sent") == 3
    assert "Send to" not in mara.get(f"/rounds/{round_.id}/mail/invitations").main


@pytest.mark.parametrize("count", ["2", "", "x", None])
def test_another_number_sends_nothing(
    mara: Browser, round_: Round, deliveries: Look, count: str | None
) -> None:
    mara.get(f"/rounds/{round_.id}/mail/invitations")
    form = {} if count is None else {"count": count}

    mara.post(f"/rounds/{round_.id}/mail/invitations", form, status=200)

    assert deliveries() == []


def test_a_double_click_sends_each_mail_once(
    mara: Browser, worker: Worker, round_: Round, post: Post
) -> None:
    page = mara.get(f"/rounds/{round_.id}/mail/invitations")
    form = {"count": hidden(page, "count")}
    mara.post(f"/rounds/{round_.id}/mail/invitations", form, status=302)

    mara.post(f"/rounds/{round_.id}/mail/invitations", form, status=200)

    worker.run_until_idle()
    assert len(post.mails) == 3


def test_launch_can_go_on_to_the_mail(mara: Browser, session: Session, facilitator: Account) -> None:
    draft = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    key = hidden(mara.get(f"/rounds/{draft.id}/launch"), "key")

    page = mara.post(f"/rounds/{draft.id}/launch", {"key": key, "then": "mail"}, status=302)

    assert "Send to 9 people" in mara.follow(page).main


def test_reminder_by_hand_leaves_out_who_has_answered(
    mara: Browser, worker: Worker, session: Session, round_: Round, post: Post
) -> None:
    round_.opened_at = utc_now() - timedelta(days=3)
    round_.participants[0].state = ParticipantState.SUBMITTED
    session.commit()
    page = mara.get(f"/rounds/{round_.id}/mail/reminder")
    assert "Send to 2 people" in page.main

    mara.post(f"/rounds/{round_.id}/mail/reminder", {"count": hidden(page, "count")}, status=302)
    worker.run_until_idle()

    assert sorted(post.recipients) == ["ben@halden.example", "carla@halden.example"]


def test_failed_mail_stands_on_the_page_with_its_reason(
    mara: Browser, worker: Worker, round_: Round, post: Post
) -> None:
    post.at_rcpt = lambda address: "550 no" if address.startswith("ben") else None
    page = mara.get(f"/rounds/{round_.id}/mail/invitations")
    mara.post(f"/rounds/{round_.id}/mail/invitations", {"count": hidden(page, "count")}, status=302)
    worker.run_until_idle()

    shown = mara.get(f"/rounds/{round_.id}/mail")

    assert "1 mail has failed" in shown.main
    assert "does not take mail for this address (code 550)" in shown.main


def test_automatic_reminders_are_switched_on_and_off(mara: Browser, session: Session, round_: Round) -> None:
    page = f"/rounds/{round_.id}/mail"
    mara.get(page)
    mara.post(f"{page}/reminders", {"is_wanted": "y"}, status=302)
    assert mara.get(page).one("input", name="is_wanted").get("checked") is not None
    assert len(session.scalars(select(ReminderPlan)).all()) == 1
    session.rollback()

    mara.post(f"{page}/reminders", {}, status=302)

    assert session.scalars(select(ReminderPlan)).all() == []


def test_one_person_can_be_left_alone(mara: Browser, session: Session, round_: Round) -> None:
    anna = round_.participants[0]
    mara.get(f"/rounds/{round_.id}/mail")

    mara.post(f"/rounds/{round_.id}/mail/people/{anna.id}", status=302)

    assert session.scalars(select(ReminderStop.participant_id)).all() == [anna.id]
    assert "as this person wished" in mara.get(f"/rounds/{round_.id}/mail").main


def test_test_mail_goes_to_oneself_with_a_link_that_opens_nothing(
    mara: Browser, worker: Worker, session: Session, facilitator: Account, post: Post, browser: Browser
) -> None:
    draft = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    mara.get(f"/rounds/{draft.id}/mail")

    mara.post(f"/rounds/{draft.id}/mail/test", status=302)
    worker.run_until_idle()

    assert post.recipients == [facilitator.email]
    assert post.mails[0]["Subject"].startswith("[Test]")
    browser.get(link_in(post.mails[0]), status=404)
    assert "The test mail was accepted" in mara.get(f"/rounds/{draft.id}/mail").main


def test_checklist_says_whether_the_mail_server_answers(
    mara: Browser, worker: Worker, session: Session, facilitator: Account
) -> None:
    draft = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    assert "The mail server has not been tried yet" in mara.get(f"/rounds/{draft.id}").main

    mara.post(f"/rounds/{draft.id}/mail/check", status=302)
    worker.run_until_idle()

    assert "The mail server answered" in mara.get(f"/rounds/{draft.id}").main


def test_checklist_says_why_the_mail_server_does_not_answer(
    mailing: Settings, mara: Browser, database: Database, session: Session, facilitator: Account
) -> None:
    draft = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    mara.get(f"/rounds/{draft.id}/mail")
    mara.post(f"/rounds/{draft.id}/mail/check", status=302)

    Worker(replace(mailing, mail_server=mail_server(free_port())), database).run_until_idle()

    assert "The mail server cannot be reached." in mara.get(f"/rounds/{draft.id}").main


def test_looking_at_the_pages_starts_nothing(mara: Browser, session: Session, round_: Round) -> None:
    for path in ("mail", "mail/invitations", "mail/reminder", "mail/invitation.eml", "mail/reminder.eml"):
        mara.get(f"/rounds/{round_.id}/{path}")
    assert session.scalars(select(Job)).all() == []
    assert session.scalars(select(Delivery)).all() == []


def test_example_file_is_the_mail_with_a_link_that_opens_nothing(mara: Browser, round_: Round) -> None:
    page = mara.get(f"/rounds/{round_.id}/mail/invitation.eml")
    assert page.response.mimetype == "message/rfc822"
    assert "To: Anna Berg <anna@halden.example>" in page.text
    assert "EXAMPLE" in page.text


def test_without_a_mail_server_the_pages_point_to_links_codes_and_csv(
    facilitator_browser: Browser, round_: Round, deliveries: Look, session: Session
) -> None:
    page = facilitator_browser.get(f"/rounds/{round_.id}/mail")
    assert "No mail server is set up" in page.main
    assert "QR codes" in page.main
    shown = facilitator_browser.get(f"/rounds/{round_.id}/mail/invitations")
    assert "Send to" not in shown.main

    for path, form in (
        ("invitations", {"count": "3"}),
        ("test", {}),
        ("check", {}),
        ("reminder", {"count": "3"}),
    ):
        facilitator_browser.post(f"/rounds/{round_.id}/mail/{path}", form)

    assert deliveries() == []
    assert session.scalars(select(Job)).all() == []


def test_a_closed_or_unopened_round_sends_nothing(
    mara: Browser, session: Session, facilitator: Account, deliveries: Look
) -> None:
    owner = facilitator.organisation_id
    draft = factories.draft_round(session, organisation_id=owner)
    closed = factories.closed_round(session, organisation_id=owner, texts=["We win.", "We lead."])
    session.commit()
    mara.get("/account")
    for made in (draft, closed):
        for path in ("invitations", "reminder", "retry"):
            page = mara.post(f"/rounds/{made.id}/mail/{path}", {"count": "9"}, status=302)
            assert (page.location or "").endswith((f"/rounds/{made.id}", f"/rounds/{made.id}/mail"))
        mara.get(f"/rounds/{made.id}/mail")
    assert deliveries() == []


@pytest.fixture
def developing(settings: Settings) -> Settings:
    return replace(settings, is_development=True)


@pytest.fixture
def developer(developing: Settings, database: Database, facilitator: Account) -> Browser:
    made = create_app(developing, database)
    made.testing = True
    return Browser(made).sign_in(facilitator)


def test_in_development_mode_mails_stand_in_the_outbox(
    developer: Browser, developing: Settings, database: Database, round_: Round
) -> None:
    assert "Nothing yet" in developer.get("/outbox").main
    page = developer.get(f"/rounds/{round_.id}/mail/invitations")
    developer.post(f"/rounds/{round_.id}/mail/invitations", {"count": hidden(page, "count")}, status=302)

    Worker(developing, database).run_until_idle()

    shown = developer.get("/outbox")
    assert shown.main.count("asks you: What is our strategy?") == 3
    (first, *_others) = [link for link in shown.links if link.endswith(".eml")]
    assert "Auto-Submitted" in developer.get(first).text
    for file in (developing.data / "outbox").rglob("*.eml"):
        assert file.stat().st_mode & 0o077 == 0


def test_the_outbox_shows_nothing_of_another_organisation(
    developer: Browser, developing: Settings, database: Database, round_: Round, outsider: Account
) -> None:
    page = developer.get(f"/rounds/{round_.id}/mail/invitations")
    developer.post(f"/rounds/{round_.id}/mail/invitations", {"count": hidden(page, "count")}, status=302)
    Worker(developing, database).run_until_idle()
    link = next(link for link in developer.get("/outbox").links if link.endswith(".eml"))
    made = create_app(developing, database)
    made.testing = True
    otto = Browser(made).sign_in(outsider)

    assert "Nothing yet" in otto.get("/outbox").main
    otto.get(link, status=404)


def test_there_is_no_outbox_outside_development_mode(mara: Browser, facilitator_browser: Browser) -> None:
    for browser in (mara, facilitator_browser):
        browser.get("/outbox", status=404)
        browser.get(f"/outbox/{'0' * 32}.eml", status=404)


def test_address_without_mail_is_left_out(mara: Browser, session: Session, round_: Round) -> None:
    session.get_one(Participant, round_.participants[0].id).email = ""
    session.commit()
    page = mara.get(f"/rounds/{round_.id}/mail/invitations")
    assert "Send to 2 people" in page.main
    assert "Hello Ben Okafor," in page.main
