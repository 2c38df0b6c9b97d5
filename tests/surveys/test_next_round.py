from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Round
from tests.pages import Browser
from tests.surveys.conftest import Look


def test_next_round_copies_people_questions_and_promises_for_the_next_quarter(
    facilitator_browser: Browser, session: Session, closed: Round, look: Look
) -> None:
    closed.introduction, closed.layout = "Answer for yourself.", "one_page"
    closed.questions[0].prompt = "Why us?"
    closed.questions[0].settings = {"guidance": "Short.", "least_characters": None, "most_characters": 300}
    closed.questions[1].condition = {"question": "fork", "is": "at_most", "value": 3}
    closed.questions[1].is_trend = closed.questions[1].is_previewed = True
    session.commit()
    facilitator_browser.get(f"/rounds/{closed.id}")

    page = facilitator_browser.post(f"/rounds/{closed.id}/next", status=302)

    assert "Q2 2027 is a draft with the same 3 people" in facilitator_browser.follow(page).main
    following = look(int((page.location or "").rpartition("/")[2]))
    assert (following.series_id, following.number, following.label) == (closed.series_id, 2, "Q2 2027")
    assert (following.state, following.confidentiality, following.closes_at) == ("draft", "named", None)
    assert (following.time_zone, following.introduction) == ("Europe/Berlin", "Answer for yourself.")
    assert following.layout == "one_page"
    assert [(question.key, question.prompt) for question in following.questions] == [
        (question.key, question.prompt) for question in closed.questions
    ]
    for question, asked in zip(following.questions, closed.questions, strict=True):
        assert (question.settings, question.condition) == (asked.settings, asked.condition)
        assert (question.is_trend, question.is_previewed) == (asked.is_trend, False)
    assert [person.identity for person in following.participants] == [
        person.identity for person in closed.participants
    ]
    assert {person.state for person in following.participants} == {"invited"}


def test_asked_twice_there_is_one_next_round(
    app: Flask, facilitator: Account, closed: Round, database: Database
) -> None:
    browsers = [Browser(app).sign_in(facilitator) for _ in range(3)]
    for browser in browsers:
        browser.get(f"/rounds/{closed.id}")

    with ThreadPoolExecutor(3) as pool:
        pages = list(pool.map(lambda browser: browser.post(f"/rounds/{closed.id}/next"), browsers))

    assert len({page.location for page in pages}) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 2


def test_a_round_must_close_before_the_next_one(
    facilitator_browser: Browser, open_round: Round, database: Database
) -> None:
    facilitator_browser.get("/account")

    facilitator_browser.post(f"/rounds/{open_round.id}/next", status=302)

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 1


def test_next_round_requires_sign_in(browser: Browser, closed: Round) -> None:
    browser.get("/sign-in")

    assert "/sign-in" in (browser.post(f"/rounds/{closed.id}/next").location or "")


def test_next_round_refuses_outsider(outsider_browser: Browser, closed: Round) -> None:
    outsider_browser.get("/account")

    outsider_browser.post(f"/rounds/{closed.id}/next", status=404)
