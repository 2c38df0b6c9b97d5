from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import Database
from app.people import services
from app.people.models import Account, Organisation
from tests.pages import Browser

TYPED = {
    "organisation": "Halden Instruments",
    "name": "Mara Lind",
    "email": "Mara@Halden.example",
    "password": "seven quiet otters drum",
}


def test_first_start_makes_organisation_and_account_and_signs_in(
    browser: Browser, database: Database
) -> None:
    browser.get("/start")

    page = browser.follow(browser.post("/start", TYPED, status=302))

    assert page.heading.endswith("Rounds")
    assert "Halden Instruments" in page.main
    with database.reading() as session:
        account = session.scalars(select(Account)).one()
        assert (account.name, account.email) == ("Mara Lind", "mara@halden.example")
        assert account.password_hash.startswith("$argon2id$")


def test_front_page_leads_a_stranger_to_the_first_start(browser: Browser) -> None:
    assert browser.get("/", status=302).location == "/start"


def test_sign_in_leads_to_the_first_start_while_nobody_is_there(browser: Browser) -> None:
    assert browser.get("/sign-in", status=302).location == "/start"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"organisation": " "}, "Write the name of your organisation."),
        ({"name": "\u200b"}, "Write your name."),
        ({"email": "mara at halden"}, "is not a mail address."),
        ({"password": "too short"}, "Use at least 15 characters; this has 9."),
        ({"password": "passwordpassword"}, "Use several words"),
        ({"password": "Mara Lind, Halden Instruments!"}, "little more than your names"),
    ],
)
def test_first_start_refuses_bad_input_and_keeps_the_rest(
    browser: Browser, database: Database, changed: dict[str, str], sentence: str
) -> None:
    browser.get("/start")

    page = browser.post("/start", TYPED | changed, status=422)

    assert sentence in page.main
    kept = {field.get("name"): field.get("value") for field in page.all("input")}
    for name in {"organisation", "name"} - changed.keys():
        assert kept[name] == TYPED[name]
    assert kept.get("password") in {None, ""}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_first_start_is_over_once_an_organisation_exists(browser: Browser, facilitator: Account) -> None:
    assert browser.get("/start", status=302).location == "/sign-in"


def test_first_start_sent_late_adds_nothing(browser: Browser, database: Database) -> None:
    browser.get("/start")
    with database.writing() as session:
        services.create_organisation(session, name="Faster")

    page = browser.post("/start", TYPED, status=302)

    assert page.location == "/sign-in"
    with database.reading() as session:
        assert session.scalars(select(Organisation.name)).all() == ["Faster"]


def test_two_first_starts_at_once_make_one_organisation(app: Flask, database: Database) -> None:
    browsers = [Browser(app) for _ in range(4)]
    for browser in browsers:
        browser.get("/start")

    with ThreadPoolExecutor(len(browsers)) as pool:
        pages = list(pool.map(lambda browser: browser.post("/start", TYPED), browsers))

    assert sorted(page.location or "" for page in pages) == ["/", "/sign-in", "/sign-in", "/sign-in"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1
