from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from app.db import Database
from app.people.models import Account
from app.surveys.models import Round
from tests.pages import Browser
from tests.surveys.conftest import Look

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
TYPED = {
    "label": "Q4 2026",
    "asked_by": "Mara Lind, CMO",
    "introduction": "We meet in two weeks.\r\nAnswer for yourself.",
    "confidentiality": "confidential",
    "closes_on": "2026-12-11",
    "closes_at_time": "17:00",
    "time_zone": "Europe/Berlin",
}


@pytest.fixture(autouse=True)
def _on_a_day_of_2026() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


def test_new_round_page_suggests_what_it_can(facilitator_browser: Browser) -> None:
    page = facilitator_browser.get("/rounds/new")

    values = {field.get("name"): field.get("value") for field in page.all("input")}
    assert values["label"] == "Q4 2026"
    assert values["asked_by"] == "Mara Lind"
    assert values["closes_on"] == "2026-12-07"
    assert values["closes_at_time"] == "17:00"
    zones = [option for option in page.all("option") if option.get("lang") is None]
    assert [zone.get("value") for zone in zones if zone.get("selected") is not None] == ["UTC"]
    chosen = [
        field.get("value") for field in page.all("input", type="radio") if field.get("checked") is not None
    ]
    assert chosen == [
        "strategy",
        "one_question",
        "en",
    ]  # what to ask; who sees what is for the facilitator to choose


def test_new_round_page_says_of_each_mode_who_sees_what(facilitator_browser: Browser) -> None:
    page = facilitator_browser.get("/rounds/new")

    assert "Everyone who reads the report sees who said what." in page.main
    assert "nothing that joins the two." in page.main
    assert page.main.count("What it does not protect against:") == 3
    assert "anonym" not in page.text.lower()


def test_new_round_takes_zone_asker_and_mode_of_the_last_one(
    facilitator_browser: Browser, draft: Round
) -> None:
    page = facilitator_browser.get("/rounds/new")

    assert page.one("input", name="asked_by").get("value") == "Mara Lind, CMO"
    assert "Europe/Berlin" in [
        option.get("value") for option in page.all("option") if option.get("selected") is not None
    ]


def test_new_round_is_a_draft_with_the_default_questions(facilitator_browser: Browser, look: Look) -> None:
    facilitator_browser.get("/rounds/new")

    page = facilitator_browser.post("/rounds/new", TYPED, status=302)

    round_ = look(1)
    assert page.location == "/rounds/1/participants"
    assert (round_.state, round_.number, round_.confidentiality) == ("draft", 1, "confidential")
    assert round_.closes_at == datetime(2026, 12, 11, 16, 0, tzinfo=UTC)
    assert round_.introduction == "We meet in two weeks.\nAnswer for yourself."
    assert round_.series.title == "What is our strategy?"
    assert [question.key for question in round_.questions] == ["strategy", "perception"]
    assert round_.questions[0].prompt == "In one to three sentences: what is our strategy?"


def test_new_round_requires_sign_in(browser: Browser, facilitator: Account) -> None:
    assert browser.get("/rounds/new", status=302).location == "/sign-in?next=/rounds/new"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"label": "  "}, "Name the round, such as Q4 2026."),
        ({"label": "x" * 61}, "Keep the name under 60 characters."),
        ({"asked_by": ""}, "Write who asks"),
        ({"introduction": "x" * 2001}, "Keep this under 2,000 characters."),
        ({"confidentiality": ""}, "Choose who sees what."),
        ({"confidentiality": "anonymous"}, "Choose who sees what."),
        ({"closes_on": "tomorrow"}, "Choose the day on which the round closes"),
        ({"closes_at_time": "25:00"}, "Choose the time at which the round closes"),
        ({"closes_on": "2026-11-29"}, "This time is over already."),
        ({"closes_on": "2028-01-01"}, "more than a year away"),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list."),
        ({"closes_on": "2027-03-28", "closes_at_time": "02:30"}, "does not exist in Berlin"),
        ({"closes_on": "2027-10-31", "closes_at_time": "02:30"}, "comes twice in Berlin"),
    ],
)
def test_new_round_refuses_bad_input_and_keeps_what_was_typed(
    facilitator_browser: Browser, database: Database, changed: dict[str, str], sentence: str
) -> None:
    facilitator_browser.get("/rounds/new")

    page = facilitator_browser.post("/rounds/new", TYPED | changed, status=422)

    assert sentence in page.main
    if "introduction" not in changed:
        assert "Answer for yourself." in "".join(page.one("textarea").itertext())
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 0
