"""Two tabs, a page that was restored, a request that is tried again: the newest answer stands, and stands once."""

from __future__ import annotations

import pytest

from tests.answering.conftest import STRATEGY, Asked, answer, begin, write
from tests.pages import Browser, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def form_of(browser: Browser, asked: Asked) -> dict[str, str]:
    """What the review page would send now."""
    page = browser.get(asked.path("review"))
    return {
        field.get("name", ""): field.get("value", "")
        for field in page.all("input", type="hidden")
        if field.get("name") != "csrf_token"
    }


def test_tab_that_is_out_of_date_replaces_nothing_until_it_is_sent_again(
    browser: Browser, asked: Asked
) -> None:
    begin(browser, asked)
    write(browser, asked, text="From the first tab.")
    first_tab = form_of(browser, asked)
    write(browser, asked, text="From the second tab.")
    browser.post(asked.path("review"), form_of(browser, asked), status=303)

    page = browser.post(asked.path("review"), first_tab, status=409)

    assert asked.texts() == ["From the second tab."]
    assert "Another answer was sent meanwhile" in page.main
    assert "From the first tab." in page.main
    form = {
        field.get("name", ""): field.get("value", "")
        for field in page.all("input", type="hidden")
        if field.get("name") != "csrf_token"
    }
    browser.post(asked.path("review"), form, status=303)
    assert asked.texts() == ["From the first tab."]


def test_request_that_is_tried_again_is_no_other_answer(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)
    form = form_of(browser, asked)

    for _ in range(3):
        browser.post(asked.path("review"), form, status=303)

    assert asked.texts() == [STRATEGY]
    assert len(asked.sheets()) == 1


def test_old_request_that_comes_late_does_not_bring_an_old_answer_back(
    browser: Browser, asked: Asked
) -> None:
    begin(browser, asked)
    write(browser, asked, text="The first.")
    old = form_of(browser, asked)
    browser.post(asked.path("review"), old, status=303)
    write(browser, asked, text="The second.")
    browser.post(asked.path("review"), form_of(browser, asked), status=303)

    browser.post(asked.path("review"), old, status=409)

    assert asked.texts() == ["The second."]


def test_answer_sent_elsewhere_meanwhile_is_told_and_not_shown(
    browser: Browser, second_browser: Browser, confidential: Asked
) -> None:
    begin(browser, confidential)
    write(browser, confidential, text="From the laptop.")
    laptop = form_of(browser, confidential)
    answer(second_browser, confidential, text="From the phone.")

    page = browser.post(confidential.path("review"), laptop, status=409)

    assert "from another browser" in page.main
    assert "From the phone." not in page.text
    assert confidential.texts() == ["From the phone."]


def test_mark_of_an_answer_from_another_browser_does_not_depend_on_its_words(
    browser: Browser, second_browser: Browser, confidential: Asked
) -> None:
    begin(browser, confidential)
    write(browser, confidential, text="Mine.")
    marks = set()
    for text in ("One.", "Two."):
        answer(second_browser, confidential, text=text)
        begin(browser, confidential)
        write(browser, confidential, text="Mine.")
        marks.add(form_of(browser, confidential)["recorded"])

    assert len(marks) == 1
    assert "nothing" not in marks


def test_button_says_what_it_does(browser: Browser, asked: Asked) -> None:
    answer(browser, asked)
    page = write(browser, asked, text="Changed.")

    assert "Send the change" in [words(button) for button in page.all("button")]
