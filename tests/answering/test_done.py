from __future__ import annotations

from datetime import timedelta

import time_machine

from app.db import utc_now
from app.surveys.models import RoundState
from tests.answering.conftest import STRATEGY, Asked, answer, begin, write
from tests.pages import Browser


def test_done_page_shows_own_answer_and_the_next_step(browser: Browser, asked: Asked) -> None:
    page = answer(browser, asked)

    assert page.heading == "Thank you. Your answer is recorded."
    assert STRATEGY in page.main
    assert "The round closes" in page.main
    assert "Berlin, in 7 days" in page.main
    assert "Change my answer" in page.main


def test_confidential_round_is_answered_in_the_same_way(browser: Browser, confidential: Asked) -> None:
    assert "Confidential." in browser.get(confidential.link).main

    page = answer(browser, confidential)

    assert STRATEGY in page.main
    assert confidential.texts() == [STRATEGY]
    assert confidential.state() == "submitted"


def test_done_page_before_sending_leads_back_to_the_questions(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    page = browser.get(asked.path("done"), status=303)

    assert browser.follow(page, status=303).location == asked.path("1")


def test_after_the_close_the_answer_can_be_read_and_not_changed(browser: Browser, asked: Asked) -> None:
    answer(browser, asked)
    asked.round.state, asked.round.closed_at = RoundState.CLOSED, utc_now()
    asked.session.commit()

    page = browser.get(asked.path("done"))

    assert STRATEGY in page.main
    assert "Change my answer" not in page.main
    assert browser.get(asked.path("1"), status=303).location == asked.path("done")
    assert browser.get(asked.path("review"), status=303).location == asked.path("done")


def test_copy_to_keep_is_a_text_file(browser: Browser, asked: Asked) -> None:
    answer(browser, asked, text="Ligne une & <deux>\nDie zweite.")

    page = browser.get(asked.path("copy"))

    assert page.response.headers["Content-Disposition"] == 'attachment; filename="my-answer.txt"'
    assert page.response.mimetype == "text/plain"
    assert "Ligne une & <deux>\nDie zweite." in page.text
    assert "70 %" in page.text


def test_there_is_no_copy_before_sending(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)

    browser.get(asked.path("copy"), status=404)


def test_forget_me_closes_this_browser_to_the_answer(browser: Browser, asked: Asked) -> None:
    answer(browser, asked)

    page = browser.post(asked.path("forget"), status=302)

    assert page.response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "forgotten" in browser.follow(page).heading
    browser.get(asked.path("done"), status=404)
    assert asked.texts() == [STRATEGY]


def test_forget_me_leaves_the_facilitator_signed_in(facilitator_browser: Browser, asked: Asked) -> None:
    answer(facilitator_browser, asked)

    page = facilitator_browser.post(asked.path("forget"), status=302)

    assert "cookies" not in page.response.headers["Clear-Site-Data"]
    with facilitator_browser.client.session_transaction() as kept:
        assert "sign_in" in kept
        assert "respondent" not in kept


def test_cookie_opens_nothing_once_the_link_has_ended(browser: Browser, asked: Asked) -> None:
    answer(browser, asked)
    assert asked.round.closes_at is not None

    # The cookie itself lives for 31 days from its last use, so it is used once on the way.
    with time_machine.travel(asked.round.closes_at + timedelta(days=15), tick=False):
        assert STRATEGY in browser.get(asked.path("done")).main
    with time_machine.travel(asked.round.closes_at + timedelta(days=31), tick=False):
        page = browser.get(asked.path("done"), status=404)

    assert STRATEGY not in page.text
