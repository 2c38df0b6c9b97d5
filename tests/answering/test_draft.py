from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from app.db import utc_now
from app.surveys.models import GRACE
from tests.answering.conftest import STRATEGY, Asked, answer, begin
from tests.pages import Browser


def test_draft_is_saved_while_typing(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    page = browser.post(asked.path("1/draft"), {"answer": "We win cli"}, status=200)

    assert page.response.json is not None
    assert datetime.fromisoformat(page.response.json["saved_at"]).tzinfo is not None
    assert browser.get(asked.path("1")).one("textarea").text == "We win cli"


def test_saving_the_same_draft_again_changes_nothing(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    for _ in range(3):
        browser.post(asked.path("1/draft"), {"answer": "We win"}, status=200)

    (sheet,) = asked.sheets()
    assert [draft.value["typed"] for draft in sheet.drafts] == ["We win"]
    assert not sheet.is_submitted


@pytest.mark.parametrize("typed", ["", "7", "seventy", "\x00", "70 %"])
def test_unfinished_value_is_kept(browser: Browser, asked: Asked, typed: str) -> None:
    begin(browser, asked)

    browser.post(asked.path("2/draft"), {"answer": typed}, status=200)

    assert browser.get(asked.path("2")).one("input", name="answer").get("value") == typed.replace("\x00", "")


def test_empty_draft_does_not_start_anybody(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    browser.post(asked.path("1/draft"), {"answer": " "}, status=200)

    assert asked.state() == "invited"


def test_draft_without_the_token_of_its_form_is_refused(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    browser.post(asked.path("1/draft"), {"answer": "x", "csrf_token": ""}, status=400)

    assert asked.sheets() == []


def test_draft_of_an_unknown_browser_is_refused(
    browser: Browser, asked: Asked, second_browser: Browser
) -> None:
    begin(browser, asked)
    second_browser.get(asked.link)

    second_browser.post(asked.path("1/draft"), {"answer": "x"}, status=404)

    assert asked.sheets() == []


def test_draft_after_the_grace_is_refused(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    assert asked.round.closes_at is not None

    with time_machine.travel(asked.round.closes_at + GRACE, tick=False):
        browser.post(asked.path("1/draft"), {"answer": "x"}, status=409)

    assert asked.sheets() == []


def test_draft_over_a_recorded_answer_leaves_it_as_it_is(browser: Browser, asked: Asked) -> None:
    answer(browser, asked)
    browser.get(asked.path("1"))

    browser.post(asked.path("1/draft"), {"answer": "Something new"}, status=200)

    assert asked.texts() == [STRATEGY]
    done = browser.get(asked.path("done"))
    assert "You have a change that is not sent" in done.main
    assert "Something new" not in done.main
    assert browser.get(asked.path("1")).one("textarea").text == "Something new"


def test_saving_drafts_is_limited_per_person(browser: Browser, second_browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    begin(second_browser, asked)

    with time_machine.travel(utc_now() + timedelta(seconds=1), tick=False):
        statuses = [browser.post(asked.path("9/draft"), {"answer": "x"}).status for _ in range(125)]
        assert second_browser.post(asked.path("9/draft"), {"answer": "x"}).status == 404

    assert statuses == [404] * 120 + [429] * 5
