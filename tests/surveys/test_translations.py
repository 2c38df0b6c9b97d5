"""A round in two languages: the words of its questions, what is missing, and what may not change any more."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.surveys.checklist import checklist
from app.surveys.design.exchange import read_document, to_document
from app.surveys.models import Question, QuestionKind, Round
from app.surveys.services import close_round, start_next_round
from app.surveys.starting_points import pulse_questions
from app.surveys.translations import (
    in_main_language,
    missing,
    outdated,
    put_into,
    question_in,
    ready_made,
    translated,
    with_translation,
    words_of,
)
from tests import factories
from tests.pages import Browser


def fork() -> Question:
    return Question(
        position=1,
        key="f",
        kind=QuestionKind.FORK,
        prompt="Where?",
        hint="",
        settings={"left": "Up", "right": "Down"},
    )


def test_a_question_is_read_in_its_translation_and_otherwise_in_the_main_language(database: Database) -> None:
    question = fork()
    question.translations = with_translation(question, "de", {"prompt": "Wo?", "left": "Oben"})
    shown = question_in(question, "de")
    assert (shown.prompt, shown.settings) == ("Wo?", {"left": "Oben", "right": "Down"})
    assert missing(question, "de") == ["right"]
    assert question_in(question, "en") is question


def test_words_whose_original_has_changed_are_kept_and_not_shown(database: Database) -> None:
    question = fork()
    question.translations = with_translation(question, "de", {"prompt": "Wo?"})
    question.prompt = "Where to?"
    assert question_in(question, "de").prompt == "Where to?"
    assert outdated(question, "de") == {"prompt": "Wo?"}


def test_changing_the_main_language_there_and_back_changes_nothing(database: Database) -> None:
    for question in map(ready_made, pulse_questions()):
        before = words_of(question)
        put_into(question, "de", instead_of="en")
        assert words_of(question) != before
        assert translated(question, "en") == before
        put_into(question, "en", instead_of="de")
        assert words_of(question) == before
        assert missing(question, "de") == []


def test_a_file_carries_the_translations(database: Database) -> None:
    questions = in_main_language(pulse_questions(), "de")
    document = to_document(title="Strategie", introduction="", questions=questions, language="de")
    read = read_document(document)
    assert read.language == "de"
    assert [translated(each, "en") for each in read.questions] == [
        translated(each, "en") for each in questions
    ]


def in_two_languages(session: Session, facilitator: Account) -> Round:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    round_.languages = ["en", "de"]
    session.commit()
    return round_


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_keeps_the_words_and_the_checklist_names_what_is_missing(
    session: Session, facilitator: Account, facilitator_browser: Browser
) -> None:
    round_ = in_two_languages(session, facilitator)
    first, second = (question.id for question in round_.questions)
    words = [check.words for check in checklist(round_, now=utc_now())]
    assert "Deutsch: questions 1, 2 lack words and are read in English there." in words
    assert any("The judge reads English only" in sentence for sentence in words)
    path = f"/rounds/{round_.id}/questions/translations?language=de"
    session.commit()
    page = facilitator_browser.get(path)
    assert page.heading == "Questions in Deutsch"
    assert "The judge reads English only" in page.main
    typed = {
        f"q{first}.prompt": "Was ist unsere Strategie?",
        f"q{first}.hint": "Für wen?",
        f"q{second}.prompt": "x" * 1001,
    }
    refused = facilitator_browser.post(path, typed, status=422)
    assert "up to 1,000 are possible" in refused.main
    assert "Was ist unsere Strategie?" in refused.text
    facilitator_browser.post(path, typed | {f"q{second}.prompt": "Wie wahrscheinlich?"}, status=302)
    session.expire_all()
    assert question_in(round_.questions[0], "de").prompt == "Was ist unsere Strategie?"
    words = [check.words for check in checklist(round_, now=utc_now())]
    assert "Deutsch: every question has its words." in words


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_trend_question_keeps_the_words_in_which_it_was_asked(
    session: Session, facilitator: Account, facilitator_browser: Browser
) -> None:
    asked = factories.open_round(session, organisation_id=facilitator.organisation_id)
    asked.languages = ["en", "de"]
    for question in asked.questions:
        question.is_trend = True
    first = asked.questions[0]
    first.translations = with_translation(first, "de", {"prompt": "Was ist unsere Strategie?"})
    close_round(session, round_=asked, now=utc_now())
    following = start_next_round(session, round_=asked, now=utc_now())
    session.commit()
    question = following.questions[0]
    typed = {f"q{question.id}.prompt": "Etwas ganz anderes?", f"q{question.id}.hint": "Für wen?"}
    path = f"/rounds/{following.id}/questions/translations?language=de"
    session.commit()
    assert "they stay as they are" in facilitator_browser.get(path).main
    facilitator_browser.post(path, typed, status=302)
    session.expire_all()
    shown = question_in(following.questions[0], "de")
    assert (shown.prompt, shown.hint) == ("Was ist unsere Strategie?", "Für wen?")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_round_that_begins_in_german_is_written_in_german(
    session: Session, facilitator: Account, facilitator_browser: Browser
) -> None:
    page = facilitator_browser.get("/rounds/new")
    fields = {
        "label": "Q1 2027",
        "asked_by": "Mara Lind",
        "confidentiality": "named",
        "layout": "one_question",
        "starting_point": "strategy",
        "closes_on": page.one("input", id="closes_on").get("value", ""),
        "closes_at_time": "17:00",
        "time_zone": "UTC",
        "main_language": "de",
        "further_languages": "en",
        "min_answers": "5",
        "min_theme_answers": "8",
    }
    facilitator_browser.post("/rounds/new", fields, status=302)
    made = session.query(Round).one()
    assert made.languages == ["de", "en"]
    assert made.series.title == "Was ist unsere Strategie?"
    assert made.questions[0].prompt == "In ein bis drei Sätzen: Was ist unsere Strategie?"
    assert question_in(made.questions[0], "en").prompt == "In one to three sentences: what is our strategy?"
    assert missing(made.questions[0], "en") == []
