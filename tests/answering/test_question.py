from __future__ import annotations

import pytest

from app.surveys.models import QuestionKind
from app.texts import MAX_CHARACTERS
from tests.answering.conftest import STRATEGY, Asked, answer, begin, write
from tests.pages import Browser, words


def test_question_page_shows_one_question_and_how_far_it_is(browser: Browser, asked: Asked) -> None:
    page = begin(browser, asked)

    assert page.heading == "Question 1 of 2"
    assert "1 of 2" in page.main
    assert (
        words(page.one("label", class_="label-large")) == "In one to three sentences: what is our strategy?"
    )
    assert "what we choose not to do" in page.main
    assert page.one("textarea").get("dir") == "auto"
    assert page.one("textarea").get("maxlength") is None


def test_next_saves_the_draft_and_goes_on(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    page = browser.follow(browser.post(asked.path("1"), {"answer": STRATEGY}, status=303))

    assert page.heading == "Question 2 of 2"
    assert browser.get(asked.path("1")).one("textarea").text == STRATEGY


def test_first_draft_makes_the_participant_started(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    assert asked.state() == "invited"

    browser.post(asked.path("1"), {"answer": STRATEGY})

    assert asked.state() == "started"


def test_back_saves_even_what_is_not_finished(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    browser.get(asked.path("2"))

    page = browser.follow(browser.post(asked.path("2"), {"answer": "about se", "go": "back"}, status=303))

    assert page.heading == "Question 1 of 2"
    assert browser.get(asked.path("2")).one("input", name="answer").get("value") == "about se"


def test_next_is_the_button_that_enter_presses(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    first, second = browser.get(asked.path("2")).all("button", type="submit")[:2]

    assert (words(first), words(second)) == ("Review", "Back")


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u2060", "\x00"])
def test_required_answer_is_asked_for(browser: Browser, asked: Asked, text: str) -> None:
    begin(browser, asked)

    page = browser.post(asked.path("1"), {"answer": text}, status=422)

    assert "Please write an answer in your own words." in page.main
    assert page.one("textarea").get("aria-invalid") == "true"


def test_optional_question_may_be_left_out(browser: Browser, asked: Asked) -> None:
    asked.round.questions[1].is_required = False
    asked.session.commit()
    begin(browser, asked)

    review = write(browser, asked, guess="")

    assert "No answer; this question is optional." in review.main


def test_longest_answer_is_taken_whole_and_counted_in_characters(browser: Browser, asked: Asked) -> None:
    text = "🧭" * MAX_CHARACTERS

    page = answer(browser, asked, text=text)

    assert text in page.main
    assert asked.texts() == [text]


def test_too_long_answer_is_refused_and_stays_on_the_screen(browser: Browser, asked: Asked) -> None:
    text = "a" * (MAX_CHARACTERS + 1)
    begin(browser, asked)

    page = browser.post(asked.path("1"), {"answer": text}, status=422)

    assert "20,001 characters" in page.main
    assert page.one("textarea").text == text


def test_request_larger_than_any_answer_is_refused(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    browser.post(asked.path("1"), {"answer": "a" * 1_000_000}, status=413)


@pytest.mark.parametrize("typed", ["70", " 70 ", "70%", "70 %", "70.0", "٧٠", "070", "70 percent"])
def test_guess_is_read_as_people_write_it(browser: Browser, asked: Asked, typed: str) -> None:
    begin(browser, asked)

    review = write(browser, asked, guess=typed)

    assert "70 %" in review.main


@pytest.mark.parametrize("typed", ["101", "-1", "seventy", "70.5", "7 0", "%", "9" * 5000, "1e1"])
def test_guess_that_is_no_percentage_is_refused(browser: Browser, asked: Asked, typed: str) -> None:
    begin(browser, asked)
    browser.get(asked.path("2"))

    page = browser.post(asked.path("2"), {"answer": typed}, status=422)

    assert "Write a whole number from 0 to 100, such as 70." in page.main
    assert page.one("input", name="answer").get("value") == typed


def test_change_from_the_review_returns_to_the_review(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    write(browser, asked)

    page = browser.follow(browser.post(asked.path("1?from=review"), {"answer": "Another one."}, status=303))

    assert page.heading == "Read it once more"
    assert "Another one." in page.main


def test_question_that_the_round_does_not_have_is_not_there(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    for position in ("0", "3", "99"):
        browser.get(asked.path(position), status=404)


def test_browser_without_the_cookie_is_told_to_open_its_link(browser: Browser, asked: Asked) -> None:
    for end in ("1", "review", "done"):
        page = browser.get(asked.path(end), status=404)
        assert page.heading == "Please open your personal link again"
    assert browser.get("/answer/999/1", status=404).heading == "Please open your personal link again"


def test_text_is_shown_again_when_the_browser_is_not_known_any_more(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    with browser.client.session_transaction() as kept:
        del kept["respondent"]

    page = browser.post(asked.path("1"), {"answer": STRATEGY}, status=404)

    assert page.one("textarea").text == STRATEGY


def test_text_is_shown_again_when_the_form_has_expired(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)

    page = browser.post(asked.path("1"), {"answer": STRATEGY, "csrf_token": "stale"}, status=400)

    assert page.one("textarea").text == STRATEGY
    assert asked.sheets() == []


def test_other_kinds_of_question_cannot_come_by_surprise() -> None:
    from app.surveys.answering.values import KINDS

    assert set(KINDS) == set(QuestionKind)


def test_shared_computer_ends_the_cookie_with_the_browser(browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    cookie = browser.client.get_cookie("sid")
    assert cookie is not None
    assert cookie.expires is not None

    browser.post(asked.path("1"), {"answer": STRATEGY, "shared": "y"})

    cookie = browser.client.get_cookie("sid")
    assert cookie is not None
    assert cookie.expires is None
    assert browser.get(asked.path("2")).one("input", name="shared").get("checked") is not None


def test_right_to_left_answer_is_isolated(browser: Browser, asked: Asked) -> None:
    text = "نحن نخدم العيادات الصغيرة"

    page = answer(browser, asked, text=text)

    assert any(quote.get("dir") == "auto" and text in words(quote) for quote in page.all("blockquote"))


def test_markup_in_an_answer_is_text(browser: Browser, asked: Asked) -> None:
    text = "<script>alert(1)</script><b>bold</b> {{ 7*7 }} </textarea>"

    page = answer(browser, asked, text=text)

    assert text in page.main
    assert browser.get(asked.path("1")).one("textarea").text == text
