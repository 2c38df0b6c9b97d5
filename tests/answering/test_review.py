from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.db import utc_now
from app.surveys.models import RoundState
from tests.answering.conftest import STRATEGY, Asked, answer, begin, send, write
from tests.pages import Browser, words

SENT = {"answer-1": STRATEGY, "answer-2": "70"}


def test_review_shows_what_will_be_sent(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    page = write(browser, asked, text="First.\n\nSecond <one>.")

    assert page.one("input", name="answer-1").get("value") == "First.\n\nSecond <one>."
    assert "Second <one>." in page.main
    assert "70 %" in page.main
    assert len([link for link in page.links if link.endswith("?from=review")]) == 2
    assert asked.texts() == []


def test_submit_records_the_answers_and_redirects(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)

    page = browser.post(asked.path("review"), SENT)

    assert page.status == 303
    assert page.location == asked.path("done")
    (sheet,) = asked.sheets()
    assert sheet.is_submitted
    assert sorted(str(each.value) for each in sheet.answers) == [
        "{'percent': 70}",
        f"{{'text': '{STRATEGY}'}}",
    ]
    assert sheet.drafts == []
    assert asked.state() == "submitted"


def test_missing_answer_is_named_and_nothing_can_be_sent(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    browser.post(asked.path("1"), {"answer": STRATEGY})

    page = browser.get(asked.path("review"))

    assert "Question 2: Please make a guess, from 0 to 100." in page.main
    assert not page.all("form")


def test_submitting_without_a_required_answer_is_refused(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    page = browser.post(asked.path("review"), {"answer-1": STRATEGY}, status=422)

    assert "Question 2: Please make a guess" in page.main
    assert STRATEGY in page.main
    assert asked.texts() == []


def test_double_click_refresh_and_retry_leave_one_answer(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)

    for _ in range(5):
        browser.post(asked.path("review"), SENT, status=303)

    assert asked.texts() == [STRATEGY]
    assert [len(sheet.answers) for sheet in asked.sheets()] == [2]


def test_answer_can_be_changed_until_the_close(browser: Browser, asked: Asked) -> None:
    answer(browser, asked, text="The first.")
    write(browser, asked, text="The second.", guess="10")

    page = send(browser, asked)

    assert "The second." in page.main
    assert "The first." not in page.main
    assert asked.texts() == ["The second."]


def test_change_is_sent_with_a_button_that_says_so(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    first = write(browser, asked)
    assert "Send my answer" in [words(button) for button in first.all("button")]
    send(browser, asked)

    second = write(browser, asked, text="Changed.")

    assert "Send the change" in [words(button) for button in second.all("button")]


def test_optional_answer_that_is_taken_back_is_deleted(browser: Browser, asked: Asked) -> None:
    asked.round.questions[1].is_required = False
    asked.session.commit()
    answer(browser, asked)

    write(browser, asked, guess="")
    send(browser, asked)

    assert [len(sheet.answers) for sheet in asked.sheets()] == [1]


@pytest.mark.parametrize(
    ("seconds", "is_kept"), [(-1, True), (0, True), (119, True), (120, False), (121, False)]
)
def test_answer_is_recorded_until_two_minutes_after_the_close(
    browser: Browser, asked: Asked, seconds: int, is_kept: bool
) -> None:
    begin(browser, asked)
    write(browser, asked)
    assert asked.round.closes_at is not None

    with time_machine.travel(asked.round.closes_at + timedelta(seconds=seconds), tick=False):
        page = browser.post(asked.path("review"), SENT)

    assert (page.status == 303) is is_kept
    assert asked.texts() == ([STRATEGY] if is_kept else [])


def test_late_answer_is_shown_so_that_it_can_be_copied(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)
    assert asked.round.closes_at is not None

    with time_machine.travel(asked.round.closes_at + timedelta(seconds=121), tick=False):
        page = browser.post(asked.path("review"), SENT, status=409)

    assert page.heading == "The round has closed"
    assert STRATEGY in [field.text for field in page.all("textarea")]
    assert asked.state() == "started"


@pytest.mark.parametrize("go", ["", "back"])
def test_late_question_page_shows_its_text_too(browser: Browser, asked: Asked, go: str) -> None:
    begin(browser, asked)
    assert asked.round.closes_at is not None

    with time_machine.travel(asked.round.closes_at + timedelta(seconds=121), tick=False):
        page = browser.post(asked.path("1"), {"answer": STRATEGY, "go": go}, status=409)
        assert "No answer was recorded" in browser.follow(browser.get(asked.path("1"), status=303)).heading

    assert page.one("textarea").text == STRATEGY


def test_round_closed_by_hand_has_no_grace(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)
    asked.round.state, asked.round.closed_at = RoundState.CLOSED, utc_now()
    asked.session.commit()

    page = browser.post(asked.path("review"), SENT, status=409)

    assert STRATEGY in [field.text for field in page.all("textarea")]
    assert asked.texts() == []


def test_revoked_link_cannot_send_any_more(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)
    for invitation in asked.anna.invitations:
        invitation.revoked_at = utc_now()
    asked.session.commit()

    page = browser.post(asked.path("review"), SENT, status=404)

    assert STRATEGY in [field.text for field in page.all("textarea")]
    assert asked.texts() == []
