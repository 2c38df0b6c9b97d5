"""A person walks through every kind of question: forward, back, on one page, with what is asked only of some."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Confidentiality
from tests import factories
from tests.answering.conftest import Asked, begin
from tests.answering.every_kind import ANSWERS, VALUES, fields, open_round_of_every_kind
from tests.pages import Browser, Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def ask_all(
    database: Database,
    session: Session,
    facilitator: Account,
    *,
    layout: str = "one_question",
    mode: Confidentiality = Confidentiality.CONFIDENTIAL,
) -> Asked:
    round_ = open_round_of_every_kind(
        session, organisation_id=facilitator.organisation_id, confidentiality=mode, layout=layout
    )
    token = factories.personal_link(session, round_.participants[0])
    session.commit()
    return Asked(database=database, session=session, round=round_, anna=round_.participants[0], token=token)


@pytest.fixture
def all_kinds(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask_all(database, session, facilitator)


@pytest.fixture
def one_page(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask_all(database, session, facilitator, layout="one_page")


def values_of(asked: Asked) -> dict[int, Any]:
    """What is recorded, by position."""
    (sheet,) = [sheet for sheet in asked.sheets() if sheet.is_submitted]
    positions = {question.id: question.position for question in asked.round.questions}
    return {positions[answer.question_id]: answer.value for answer in sheet.answers}


def write_all(browser: Browser, asked: Asked, answers: dict[int, dict[str, str]] = ANSWERS) -> Page:
    """Next by Next, as the pages lead; the page after the last."""
    page = begin(browser, asked)
    while page.response.request.path != asked.path("review"):
        position = int(page.response.request.path.rpartition("/")[2])
        sent = browser.post(asked.path(str(position)), fields("answer", answers[position]), status=303)
        page = browser.follow(sent)
    return page


def send(browser: Browser, asked: Asked, status: int = 303) -> Page:
    """The form of the review page as it stands there."""
    page = browser.get(asked.path("review"))
    form = {
        field.get("name", ""): field.get("value", "")
        for field in page.all("input", type="hidden")
        if field.get("name") != "csrf_token"
    }
    return browser.post(asked.path("review"), form, status=status)


def test_every_kind_is_answered_reviewed_recorded_shown_and_copied(
    browser: Browser, all_kinds: Asked
) -> None:
    review = write_all(browser, all_kinds)
    for words_of in ("not mentioned", "A rental model", "Mostly: Win single clinics", "2, Cadenced", "40 %"):
        assert words_of in review.main

    done = browser.follow(send(browser, all_kinds))

    assert values_of(all_kinds) == VALUES
    assert "Very confident (4 of 5)" in done.main
    copy = browser.get(all_kinds.path("copy")).text
    for line in (
        "Why only us: not mentioned",
        "1: Service within a day",
        "40 %",
        "The two university hospitals.",
    ):
        assert line in copy
    # And back into the fields, to be changed.
    fork = browser.get(all_kinds.path("4"))
    assert [field.get("value") for field in fork.all("input", type="radio") if "checked" in field.attrib] == [
        "6"
    ]
    assert [field.get("value") for field in browser.get(all_kinds.path("5")).all("input", name="answer")] == (
        VALUES[5]["order"]
    )


@pytest.mark.parametrize(
    ("position", "typed", "message"),
    [
        (2, {}, "Please fill in at least one of these."),
        (3, {"1": "Hubs", "3": "Rental"}, "there are two so far"),
        (4, {"": "9"}, "Choose one of the seven steps"),
        (5, {}, "Please put these in your order"),
        (6, {"strategy_clarity": "3"}, "Still open: Execution"),
        (8, {}, "Please choose how confident you are"),
    ],
)
def test_bad_answer_is_named_at_the_top_and_beside_its_field_and_keeps_what_was_typed(
    browser: Browser, all_kinds: Asked, position: int, typed: dict[str, str], message: str
) -> None:
    begin(browser, all_kinds)
    browser.get(all_kinds.path(str(position)))

    page = browser.post(all_kinds.path(str(position)), fields("answer", typed), status=422)

    summary = page.one("div", id="error-summary")
    assert message in words(summary)
    target = next(link for link in page.all("a") if words(link) in words(summary)).get("href", "")
    assert [each for each in page.root.iter() if each.get("id") == target.lstrip("#")]  # type: ignore[union-attr]
    assert any(message in words(error) for error in page.all("p", class_="error"))
    for part, text in typed.items():
        name = f"answer.{part}" if part else "answer"
        kept = [
            field
            for field in page.all("input", name=name)
            if field.get("type") != "radio" or "checked" in field.attrib
        ]
        assert text == "9" or [field.get("value") for field in kept] == [text]


def test_half_written_answer_of_several_fields_is_kept_as_a_draft(browser: Browser, all_kinds: Asked) -> None:
    begin(browser, all_kinds)
    browser.get(all_kinds.path("2"))

    browser.post(all_kinds.path("2/draft"), {"answer.why_us": "Our hubs"}, status=200)
    browser.post(all_kinds.path("3"), {"answer.2": "Rental", "go": "back"}, status=303)

    assert "Our hubs" in [field.text for field in browser.get(all_kinds.path("2")).all("textarea")]
    assert browser.get(all_kinds.path("3")).one("input", name="answer.2").get("value") == "Rental"


def test_ranking_is_moved_without_script_and_kept(browser: Browser, all_kinds: Asked) -> None:
    begin(browser, all_kinds)
    page = browser.get(all_kinds.path("5"))
    shown = [field.get("value", "") for field in page.all("input", name="answer.shown")]
    up = page.all("button", name="move")[2]

    moved = browser.post(
        all_kinds.path("5"), {"answer.shown": shown, "move": up.get("value", "")}, status=303
    )

    assert moved.location == all_kinds.path("5#answer")
    page = browser.get(all_kinds.path("5"))
    order = [field.get("value", "") for field in page.all("input", name="answer")]
    assert order == [shown[1], shown[0], *shown[2:]]
    assert not page.all("input", name="answer.keep")


def test_nobody_is_shown_the_items_in_the_order_of_everybody_else(
    browser: Browser, second_browser: Browser, all_kinds: Asked
) -> None:
    orders = set()
    for participant in all_kinds.round.participants[:6]:
        token = factories.personal_link(all_kinds.session, participant)
        all_kinds.session.commit()
        browser.get(f"/r/{token}")
        browser.post(f"/r/{token}")
        page = browser.get(all_kinds.path("5"))
        orders.add(tuple(field.get("value") for field in page.all("input", name="answer.shown")))
        browser.client.delete_cookie("sid")

    assert len(orders) > 1


# --- Asked only of some ------------------------------------------------------------------------------------------------


def test_question_that_is_not_asked_is_stepped_over_both_ways(browser: Browser, all_kinds: Asked) -> None:
    page = write_all(browser, all_kinds, ANSWERS | {4: {"": "3"}})

    assert "let go" not in page.main
    assert browser.get(all_kinds.path("8")).heading == "Question 8 of 8"
    assert browser.get(all_kinds.path("9"), status=303).location == f"/answer/{all_kinds.round.id}"


def test_draft_of_a_question_that_is_not_asked_any_more_is_not_sent_but_kept(
    browser: Browser, all_kinds: Asked
) -> None:
    write_all(browser, all_kinds)
    browser.get(all_kinds.path("4"))
    browser.post(all_kinds.path("4?from=review"), {"answer": "2"}, status=303)

    review = browser.get(all_kinds.path("review"))
    assert "university hospitals" not in review.text
    browser.follow(send(browser, all_kinds))

    assert 9 not in values_of(all_kinds)
    assert "You have a change" not in browser.get(all_kinds.path("done")).main
    browser.get(all_kinds.path("4"))
    following = browser.post(all_kinds.path("4?from=review"), {"answer": "7"}, status=303)
    assert "The two university hospitals." in browser.follow(following).main
    browser.follow(send(browser, all_kinds))
    assert values_of(all_kinds)[9] == VALUES[9]


def test_answer_that_was_sent_goes_when_its_question_is_not_asked_any_more(
    browser: Browser, all_kinds: Asked
) -> None:
    write_all(browser, all_kinds)
    browser.follow(send(browser, all_kinds))
    assert values_of(all_kinds)[9] == VALUES[9]

    browser.get(all_kinds.path("4"))
    browser.post(all_kinds.path("4?from=review"), {"answer": "1"}, status=303)
    done = browser.follow(send(browser, all_kinds))

    assert 9 not in values_of(all_kinds)
    assert "let go" not in done.main


def test_change_that_brings_up_a_required_question_asks_for_it_before_it_is_sent(
    browser: Browser, all_kinds: Asked
) -> None:
    all_kinds.round.questions[8].is_required = True
    all_kinds.session.commit()
    write_all(browser, all_kinds, ANSWERS | {4: {"": "3"}})
    browser.get(all_kinds.path("4"))

    page = browser.follow(browser.post(all_kinds.path("4?from=review"), {"answer": "6"}, status=303))

    assert "Question 9: Please write an answer" in page.main
    send_again = browser.post(
        all_kinds.path("review"), {"answer-4": "6", "answer-1": "We win clinics."}, status=422
    )
    assert "We win clinics." in send_again.main


# --- One page ------------------------------------------------------------------------------------------------------------


def page_fields(answers: dict[int, dict[str, str]] = ANSWERS) -> dict[str, Any]:
    return {
        name: text
        for position, typed in answers.items()
        for name, text in fields(f"answer-{position}", typed).items()
    }


def test_one_page_holds_every_question_and_leads_to_the_review(browser: Browser, one_page: Asked) -> None:
    page = begin(browser, one_page)
    assert page.response.request.path == one_page.path("all")
    assert "8 questions, about" in page.main
    hidden = [section.get("data-question") for section in page.all("section") if "hidden" in section.attrib]
    assert hidden == ["9"]

    review = browser.follow(browser.post(one_page.path("all"), page_fields(), status=303))

    assert review.heading == "Read it once more"
    assert [link for link in review.links if "#question-3" in link]
    browser.follow(send(browser, one_page))
    assert values_of(one_page) == VALUES


def test_one_page_names_every_question_that_is_wrong_and_keeps_the_rest(
    browser: Browser, one_page: Asked
) -> None:
    begin(browser, one_page)

    page = browser.post(
        one_page.path("all"), page_fields({1: ANSWERS[1], 3: {"2": "Rental"}, 4: {"": "7"}}), status=422
    )

    summary = words(page.one("div", id="error-summary"))
    assert [number for number in range(1, 10) if f"Question {number}:" in summary] == [2, 3, 5, 6, 7, 8]
    assert page.one("input", name="answer-3.2").get("value") == "Rental"
    # The fork as it was answered brings up one more question, which is now there to be seen.
    assert not [section for section in page.all("section") if "hidden" in section.attrib]
    for link in page.all("a"):
        if (link.get("href") or "").startswith("#answer"):
            assert link.get("href", "")[1:] in {each.get("id") for each in page.root.iter()}  # type: ignore[union-attr]


def test_draft_of_one_page_keeps_all_and_says_what_is_asked(browser: Browser, one_page: Asked) -> None:
    begin(browser, one_page)

    page = browser.post(
        one_page.path("draft"), {"answer-1": "We win", "answer-3.1": "Hubs", "answer-4": "6"}, status=200
    )

    assert page.response.json is not None
    assert page.response.json["asked"] == list(range(1, 10))
    again = browser.get(one_page.path("all"))
    assert again.one("textarea", name="answer-1").text == "We win"
    assert again.one("input", name="answer-3.1").get("value") == "Hubs"
    assert one_page.state() == "started"


def test_ranking_of_one_page_is_moved_without_script_and_nothing_else_is_lost(
    browser: Browser, one_page: Asked
) -> None:
    page = begin(browser, one_page)
    shown = [field.get("value", "") for field in page.all("input", name="answer-5.shown")]
    form = {"answer-5.shown": shown, "answer-1": "Half a", "move": f"answer-5 down:{shown[0]}"}

    moved = browser.post(one_page.path("all"), form, status=303)

    assert moved.location == one_page.path("all#question-5")
    again = browser.get(one_page.path("all"))
    assert [field.get("value") for field in again.all("input", name="answer-5")][:2] == [shown[1], shown[0]]
    assert again.one("textarea", name="answer-1").text == "Half a"


def test_addresses_of_the_other_layout_lead_to_the_own(
    browser: Browser, all_kinds: Asked, one_page: Asked
) -> None:
    begin(browser, one_page)
    assert browser.get(one_page.path("3"), status=303).location == one_page.path("all#question-3")
    begin(browser, all_kinds)
    assert browser.get(all_kinds.path("all"), status=303).location == f"/answer/{all_kinds.round.id}"


# --- The hint ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "is_told"), [("named", False), ("confidential", True), ("unattributed", True)]
)
def test_words_that_give_the_author_away_are_named_before_they_are_sent_and_stay(
    browser: Browser, database: Database, session: Session, facilitator: Account, mode: str, is_told: bool
) -> None:
    asked = ask_all(database, session, facilitator, mode=Confidentiality(mode))
    text = "As CEO I want my sales team to sell one thing."

    review = write_all(
        browser, asked, ANSWERS | {1: {"": text}, 3: {"1": "Anna Berg decides", "2": "B", "3": "C"}}
    )

    assert ("Colleagues may recognise you by this" in review.main) is is_told
    assert ("“As CEO”: this names your role." in review.main) is is_told
    assert ("“Anna Berg”: this is your name." in review.main) is is_told
    browser.follow(send(browser, asked))
    assert values_of(asked)[1] == {"text": text}
