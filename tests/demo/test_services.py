from __future__ import annotations

import re

from flask import Flask
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.demo import services
from app.demo.content import MERROWBY
from app.demo.welcome import welcome
from app.jobs.models import Job
from app.people.models import Account, Organisation
from app.surveys.models import Round, Sheet
from app.theses.models import ThesisVersion
from tests.pages import Browser


def test_an_empty_database_gets_the_whole_company(
    database: Database, settings: Settings, session: Session
) -> None:
    assert services.load_when_empty(database, settings)
    rounds = session.query(Round).order_by(Round.number).all()
    assert [round_.state for round_ in rounds] == ["closed"] * 4 + ["open"]
    assert session.query(Sheet).count() == sum(len(quarter.answers) for quarter in MERROWBY.quarters)
    assert session.query(ThesisVersion).count() == 2


def test_every_closed_quarter_gets_its_report_built(
    database: Database, settings: Settings, session: Session
) -> None:
    services.load_when_empty(database, settings)
    assert session.query(Job).filter_by(kind="build_report").count() == 4


def test_a_database_with_somebody_in_it_is_left_alone(
    database: Database, settings: Settings, facilitator: Account, session: Session
) -> None:
    session.close()
    assert not services.load_when_empty(database, settings)
    assert session.query(Organisation).count() == 1


def test_the_printed_ways_in_work(app: Flask, database: Database, settings: Settings) -> None:
    services.load_when_empty(database, settings)
    printed = welcome(database, settings)
    email = re.search(r"as +(\S+@\S+)", printed)
    password = re.search(r"password +(.+)", printed)
    token = re.search(r"(/r/[\w-]{43})\s", printed)
    assert email
    assert password
    assert token
    browser = Browser(app)
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"email": email[1], "password": password[1]}).status == 302
    assert MERROWBY.person(MERROWBY.visitor).name in Browser(app).get(token[1]).main


def test_nothing_is_printed_where_the_demo_is_not_loaded(database: Database, settings: Settings) -> None:
    assert welcome(database, settings) == ""
