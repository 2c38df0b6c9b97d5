"""Observers: named to everybody, told once, shown the round, never asked and never counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.observing import services as observing
from app.people.models import Account
from app.reports.models import ReportSection, Reveal
from app.surveys.models import Confidentiality, Round
from app.surveys.observers import Observer, observers_of
from app.surveys.services import start_next_round
from tests import factories
from tests.pages import Browser
from tests.reports.conftest import Build, build, judge
from tests.reports.test_report import _build

__all__ = ["build", "judge"]

OLGA = {"name": "Olga Stein", "email": "olga@board.example", "role": "Chair of the board"}


@pytest.fixture
def observed(facilitator_browser: Browser, session: Session, facilitator: Account) -> Round:
    made = factories.open_round(
        session,
        organisation_id=facilitator.organisation_id,
        confidentiality=Confidentiality.UNATTRIBUTED,
    )
    session.commit()
    facilitator_browser.get(f"/rounds/{made.id}/observers")
    facilitator_browser.post(f"/rounds/{made.id}/observers", OLGA, status=302)
    return made


def link_of(browser: Browser, round_: Round) -> str:
    browser.get(f"/rounds/{round_.id}/observers")
    page = browser.post(f"/rounds/{round_.id}/observers/1/link", status=200)
    (url,) = {field.get("value", "") for field in page.all("input", type="text")}
    return "/observe/" + url.rpartition("/")[2]


def test_an_observer_is_no_participant(
    facilitator_browser: Browser, browser: Browser, session: Session, observed: Round
) -> None:
    assert "0 of 9" in facilitator_browser.get(f"/rounds/{observed.id}").main
    assert "Olga Stein" not in facilitator_browser.get(f"/rounds/{observed.id}/mail").main
    assert (
        "shown: Olga Stein (Chair" in facilitator_browser.get(f"/rounds/{observed.id}/mail/invitations").main
    )
    assert "shown: Olga Stein (Chair" in facilitator_browser.get(f"/rounds/{observed.id}/preview").main
    token = factories.personal_link(session, observed.participants[0])
    session.commit()

    page = browser.get(f"/r/{token}")

    assert "you and 8 others" in page.main
    assert "Told of this round without being asked" in page.main
    assert "Olga Stein (Chair of the board)" in page.main


def test_the_link_of_an_observer_shows_the_round_and_answers_nothing(
    facilitator_browser: Browser, browser: Browser, session: Session, observed: Round
) -> None:
    link = link_of(facilitator_browser, observed)

    page = browser.get(link)
    assert "You observe this round, Olga Stein" in page.main
    assert "asks 9 people" in page.main
    assert "Anna Berg" not in page.main
    browser.get(link.replace("/observe/", "/r/"), status=404)

    observed.closes_at = utc_now() - timedelta(minutes=3)
    session.commit()
    over = browser.get(link)
    assert "Who was asked" in over.main
    assert "Anna Berg, CEO" in over.main


def test_a_new_link_ends_the_one_before_and_removal_ends_them_all(
    facilitator_browser: Browser, browser: Browser, observed: Round
) -> None:
    first = link_of(facilitator_browser, observed)
    second = link_of(facilitator_browser, observed)

    browser.get(first, status=404)
    browser.get(second, status=200)
    facilitator_browser.post(f"/rounds/{observed.id}/observers/1/remove", status=302)
    browser.get(second, status=404)


def test_nobody_observes_twice_or_what_they_are_asked_in(
    facilitator_browser: Browser, observed: Round
) -> None:
    address = f"/rounds/{observed.id}/observers"

    assert "observes this round already" in facilitator_browser.post(address, OLGA, status=422).main
    anna = {"name": "Anna Berg", "email": "anna@halden.example"}
    assert "is asked in this round" in facilitator_browser.post(address, anna, status=422).main


def test_the_next_round_has_the_same_observers_and_none_of_them_is_told_yet(
    session: Session, facilitator: Account
) -> None:
    made = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=["We win."] * 3)
    session.add(Observer(round_id=made.id, name="Olga Stein", identity="olga", told_at=utc_now()))
    session.flush()

    following = start_next_round(session, round_=made, now=utc_now())

    assert [(each.name, each.told_at) for each in observers_of(following)] == [("Olga Stein", None)]


def test_another_organisations_observers_are_not_here(outsider_browser: Browser, observed: Round) -> None:
    outsider_browser.get("/account")
    outsider_browser.get(f"/rounds/{observed.id}/observers", status=404)
    for end in ("1/link", "1/remove", "tell"):
        outsider_browser.post(f"/rounds/{observed.id}/observers/{end}", status=404)


@pytest.mark.parametrize("mode", [Confidentiality.UNATTRIBUTED, Confidentiality.NAMED])
def test_after_the_close_participants_see_the_frozen_list_in_unattributed_mode_alone(
    browser: Browser, session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    made = factories.open_round(session, organisation_id=facilitator.organisation_id, confidentiality=mode)
    token = factories.personal_link(session, made.participants[0])
    session.commit()
    browser.get(f"/r/{token}")
    browser.post(f"/r/{token}", status=303)
    made.closes_at = utc_now() - timedelta(minutes=3)
    session.commit()

    page = browser.get(f"/answer/{made.id}/done")

    assert ("Ines Costa, General Counsel" in page.main) == (mode == Confidentiality.UNATTRIBUTED)


def test_after_the_reveal_an_observer_reads_what_the_team_is_shown_and_no_more(
    facilitator_browser: Browser,
    browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    database: Database,
) -> None:
    texts = [
        "North is where we go.",
        "North, and nowhere else.",
        "South it is.",
        "South, only south.",
        "Speed sells.",
    ]
    made = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=texts)
    session.add(Observer(round_id=made.id, name="Olga Stein", email="", role="Chair", identity="olga stein"))
    session.flush()
    (observer,) = session.scalars(select(Observer))
    token = observing.make_link(session, observer=observer, now=utc_now())
    _build(session, made, build)
    before = browser.get(f"/observe/{token}").main
    assert "The round has closed" in before
    assert not [text for text in texts if text in before]

    with database.writing() as writing:
        for section in (ReportSection.ASKED, ReportSection.CAMPS):
            writing.add(
                Reveal(
                    round_id=made.id, section=section, revealed_by_id=facilitator.id, revealed_at=utc_now()
                )
            )
        writing.get_one(Round, made.id).revealed_at = utc_now()
    page = browser.get(f"/observe/{token}")

    assert "For Olga Stein, who observes this round" in page.main
    assert "North is where we go." in page.main
    ids = [element.get("id") for element in page.all("section")]
    assert [id_ for id_ in ids if id_ and id_.startswith("part-")] == ["part-asked", "part-camps"]
    assert "csrf_token" not in page.main
