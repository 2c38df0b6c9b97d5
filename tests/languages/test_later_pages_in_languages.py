"""What those who were asked read later: the echo check, the stop of reminders, and what an observer is shown."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.observing import services as observing
from app.people.models import Account
from app.surveys.models import Confidentiality
from app.surveys.observers import Observer
from tests import factories
from tests.evidence.conftest import TEXTS, answered_round
from tests.languages.test_answering_in_languages import choose, content_of, said_in_english
from tests.pages import Browser

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_every_sentence_of_the_echo_check_passes_through_the_catalogue(
    app: Flask, database: Database, session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    answered = answered_round(app, session, facilitator, mode, TEXTS)
    content = content_of(answered.round, facilitator) | set(TEXTS)
    session.commit()
    answered.start()
    voter = answered.own_browser(0)
    assert {"answers", "strategy"} <= said_in_english(voter.get(answered.path()), content)
    choose(voter, "en-XA")
    pages = [voter.get(answered.link(0)), voter.get(answered.path()), voter.get(answered.path("/1"))]
    voter.post(answered.path("/1"), {"verdict": "same"}, status=303)
    pages += [voter.get(answered.path("/1")), voter.get(answered.path("/done"))]
    elsewhere = answered.other_browser(1)
    choose(elsewhere, "en-XA")
    pages.append(elsewhere.get(answered.path()))
    answered.end()
    pages.append(voter.get(answered.path()))
    for page in pages:
        assert said_in_english(page, content) == set(), page.response.request.path


def test_every_sentence_for_an_observer_passes_through_the_catalogue(
    app: Flask, database: Database, session: Session, facilitator: Account, browser: Browser
) -> None:
    round_ = factories.open_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=Confidentiality.UNATTRIBUTED
    )
    observer = Observer(round_id=round_.id, name="Karin Boye", email="", role="", identity="karin boye")
    session.add(observer)
    session.flush()
    token = observing.add_link(session, observer=observer, now=utc_now())
    content = content_of(round_, facilitator) | {"Karin Boye"}
    session.commit()
    choose(browser, "en-XA")
    assert said_in_english(browser.get(f"/observe/{token}"), content) == set()
