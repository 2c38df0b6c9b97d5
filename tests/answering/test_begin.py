from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.surveys.models import Confidentiality, RoundState
from tests import factories
from tests.answering.conftest import Asked, answer, begin, write
from tests.answering.databases import bytes_of, dump_of
from tests.pages import XHTML, Browser


def test_begin_page_says_who_asks_for_whom_how_long_and_who_sees_what(browser: Browser, asked: Asked) -> None:
    page = browser.get(asked.link)

    assert page.heading == "What is our strategy?"
    for words in (
        "Mara Lind, CMO, asks you and 8 others at Halden Instruments.",
        "Anna Berg, CEO",
        "2 questions, about 5 minutes",
        "Berlin, in 7 days",
        "Who will see what",
        "What this does not protect against",
        "You can change your answer until the round closes",
        "If that is not you, please close this page and tell Mara Lind, CMO.",
    ):
        assert words in page.main


def test_begin_page_names_the_mode(browser: Browser, asked: Asked) -> None:
    page = browser.get(asked.link)

    assert asked.round.confidentiality.capitalize() + "." in page.main
    assert "anonym" not in page.text.lower()


def test_begin_leads_to_an_address_without_the_token(browser: Browser, asked: Asked) -> None:
    page = begin(browser, asked)

    assert page.response.request.path == asked.path("1")
    assert asked.token not in page.text


def test_token_is_in_no_cookie(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    cookie = browser.client.get_cookie("sid")
    assert cookie is not None
    with browser.client.session_transaction() as kept:
        assert asked.token not in repr(dict(kept))


def test_database_holds_no_usable_token(browser: Browser, asked: Asked, database: Database) -> None:
    answer(browser, asked)

    assert asked.token not in dump_of(database)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_mail_scanner_changes_no_byte(app: Flask, asked: Asked, database: Database, method: str) -> None:
    before = bytes_of(database)

    for _ in range(50):
        assert app.test_client().open(asked.link, method=method).status_code == 200

    assert bytes_of(database) == before


def test_scanner_that_clicks_uses_nothing_up(
    browser: Browser, second_browser: Browser, asked: Asked, database: Database
) -> None:
    before = bytes_of(database)
    for _ in range(3):
        begin(second_browser, asked)
    assert bytes_of(database) == before
    assert asked.state() == "invited"

    page = answer(browser, asked)

    assert "recorded" in page.heading


def test_unknown_mangled_and_revoked_links_get_the_same_page(
    browser: Browser, asked: Asked, session: Session
) -> None:
    revoked = factories.personal_link(session, asked.anna)
    asked.anna.invitations[-1].revoked_at = utc_now()
    for invitation in asked.anna.invitations:
        invitation.revoked_at = utc_now()
    session.commit()

    pages = [
        browser.get(f"/r/{token}", status=404)
        for token in (
            revoked,
            asked.token,
            asked.token[:-1],
            secrets.token_urlsafe(32),
            "x",
            "%00",
            "%ff",
            "é",
        )
    ]

    # But for the token of a form and the address that was asked for, which the language switch below carries.
    same = {re.sub(r'name="(csrf_token|back)" value="[^"]*"', "", page.text) for page in pages}
    assert len(same) == 1
    assert "does not open anything" in pages[0].heading


def test_begin_with_an_unknown_link_is_refused_too(browser: Browser, asked: Asked) -> None:
    browser.get(asked.link)

    browser.post(f"/r/{secrets.token_urlsafe(32)}", status=404)


def test_guessing_is_slowed_down_and_a_real_link_still_opens(browser: Browser, asked: Asked) -> None:
    answers = [browser.client.get(f"/r/{secrets.token_urlsafe(32)}").status_code for _ in range(40)]

    assert answers == [404] * 30 + [429] * 10
    browser.get(asked.link, status=200)


def test_link_ends_thirty_days_after_the_close(browser: Browser, asked: Asked) -> None:
    assert asked.round.closes_at is not None
    with time_machine.travel(asked.round.closes_at + timedelta(days=29), tick=False):
        browser.get(asked.link, status=200)
    with time_machine.travel(asked.round.closes_at + timedelta(days=30), tick=False):
        browser.get(asked.link, status=404)


def test_round_that_has_not_opened_says_so(browser: Browser, named: Asked, session: Session) -> None:
    waiting = factories.draft_round(session, organisation_id=named.round.series.organisation_id)
    token = factories.personal_link(session, waiting.participants[0])
    session.commit()

    page = browser.get(f"/r/{token}")

    assert "has not opened yet" in page.main
    assert not list(page.one("main").iter(f"{XHTML}form"))


def test_closed_round_says_so_and_only_after_begin_whether_one_answered(
    browser: Browser, second_browser: Browser, asked: Asked
) -> None:
    answer(browser, asked)
    asked.round.state, asked.round.closed_at = RoundState.CLOSED, utc_now()
    asked.session.commit()

    page = second_browser.get(asked.link)
    assert "has closed" in page.main
    assert "is recorded" not in page.main
    after = second_browser.follow(second_browser.follow(second_browser.post(asked.link), status=303))

    assert "An answer is recorded for Anna Berg" in after.heading


def test_closed_round_without_an_answer_says_that_none_was_recorded(browser: Browser, asked: Asked) -> None:
    browser.get(asked.link)
    asked.round.state, asked.round.closed_at = RoundState.CLOSED, utc_now()
    asked.session.commit()

    page = browser.follow(browser.follow(browser.post(asked.link), status=303))

    assert "No answer was recorded for Anna Berg" in page.heading


def test_begin_again_in_the_same_browser_goes_on_where_it_was(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)

    assert "Continue" in browser.get(asked.link).main
    page = begin(browser, asked)

    assert page.response.request.path == asked.path("review")


def test_new_link_of_the_same_person_finds_the_draft_again(
    browser: Browser, asked: Asked, session: Session
) -> None:
    begin(browser, asked)
    write(browser, asked, text="A text of mine.")
    for invitation in asked.anna.invitations:
        invitation.revoked_at = utc_now()
    asked.token = factories.personal_link(session, asked.anna)
    session.commit()

    page = begin(browser, asked)

    assert "A text of mine." in page.main


def test_somebody_else_in_the_same_browser_is_warned_and_sees_nothing(
    browser: Browser, asked: Asked, session: Session
) -> None:
    answer(browser, asked, text="What Anna wrote.")
    asked.token = factories.personal_link(session, asked.round.participants[1])
    session.commit()

    warning = browser.get(asked.link)
    page = begin(browser, asked)

    assert "Somebody else began in this browser" in warning.main
    assert "What Anna wrote." not in warning.text
    assert page.response.request.path == asked.path("1")
    assert "What Anna wrote." not in page.text


def test_facilitator_stays_signed_in_while_trying_a_link(facilitator_browser: Browser, asked: Asked) -> None:
    begin(facilitator_browser, asked)

    with facilitator_browser.client.session_transaction() as kept:
        assert "sign_in" in kept


def test_introduction_is_shown_as_text(browser: Browser, asked: Asked) -> None:
    asked.round.introduction = "Dear all,\n<script>alert(1)</script>"
    asked.session.commit()

    page = browser.get(asked.link)

    assert "Dear all, <script>alert(1)</script>" in page.main


def test_browser_answers_only_so_many_rounds_at_a_time(
    browser: Browser, named: Asked, session: Session
) -> None:
    for _ in range(10):
        round_ = factories.open_round(
            session,
            organisation_id=named.round.series.organisation_id,
            confidentiality=Confidentiality.NAMED,
            n_participants=1,
        )
        token = factories.personal_link(session, round_.participants[0])
        session.commit()
        begin(browser, replace(named, round=round_, anna=round_.participants[0], token=token))

    with browser.client.session_transaction() as kept:
        assert len(kept["respondent"]) == 8
    browser.get(f"/answer/{round_.id}/1")
