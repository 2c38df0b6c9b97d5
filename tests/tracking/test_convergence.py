from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.jobs.services import enqueue
from app.people.models import Account
from app.surveys.models import Confidentiality
from app.theses.services import write_version
from app.tracking import tasks
from app.worker import Worker
from tests import factories
from tests.analysis.fakes import FirstWordJudge
from tests.pages import Browser
from tests.tracking.test_services import two_rounds


@pytest.fixture
def worker(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The real worker and the real job, with a judge that needs no model."""
    monkeypatch.setattr(tasks, "judge_for", lambda database, model: FirstWordJudge())
    return Worker(settings, database)


def build(session: Session, worker: Worker, series_id: int, key: str = "1") -> None:
    enqueue(
        session,
        kind="build_convergence",
        key=f"build_convergence:{series_id}:{key}",
        payload={"series_id": series_id},
    )
    session.commit()
    worker.run_until_idle()


def test_the_page_says_that_the_team_moves_toward_each_other(
    facilitator_browser: Browser, facilitator: Account, session: Session, worker: Worker
) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    write_version(session, series_id=first.series_id, text="North it is.", account=facilitator, based_on=0)
    build(session, worker, first.series_id)
    page = facilitator_browser.get(f"/series/{first.series_id}/convergence")
    assert page.heading == "You are moving toward each other and toward the thesis"
    assert "North it is." in page.main
    assert "converging" in page.main


def test_building_it_twice_gives_one_convergence_and_the_same_bytes(
    facilitator_browser: Browser, facilitator: Account, session: Session, worker: Worker
) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    path = f"/series/{first.series_id}/convergence.json"
    build(session, worker, first.series_id, key="1")
    once = facilitator_browser.get(path).text
    build(session, worker, first.series_id, key="2")
    assert facilitator_browser.get(path).text == once


def test_before_the_first_close_the_page_says_what_will_stand_here(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    made = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    page = facilitator_browser.get(f"/series/{made.series_id}/convergence")
    assert "No closed round yet" in page.main
    facilitator_browser.get(f"/series/{made.series_id}/convergence.json", status=404)


def test_one_round_is_shown_without_a_verdict(
    facilitator_browser: Browser, facilitator: Account, session: Session, worker: Worker
) -> None:
    made = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=["north a", "north b", "south c"]
    )
    session.commit()
    build(session, worker, made.series_id)
    page = facilitator_browser.get(f"/series/{made.series_id}/convergence")
    assert page.heading == "One round so far"


def test_while_it_is_built_the_page_shows_how_far_it_is(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    write_version(session, series_id=first.series_id, text="North it is.", account=facilitator, based_on=0)
    session.commit()
    page = facilitator_browser.get(f"/series/{first.series_id}/convergence")
    assert "Waiting for the worker" in page.main
    fragment = facilitator_browser.get(
        f"/series/{first.series_id}/convergence", headers={"HX-Request": "true"}
    )
    assert "<html" not in fragment.text


@pytest.mark.parametrize("ending", ["convergence", "convergence.json"])
def test_an_outsider_finds_nothing_here(
    outsider_browser: Browser, facilitator: Account, session: Session, ending: str
) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    outsider_browser.get(f"/series/{first.series_id}/{ending}", status=404)


@pytest.mark.parametrize("ending", ["convergence", "convergence.json"])
def test_it_asks_to_sign_in_first(
    browser: Browser, facilitator: Account, session: Session, ending: str
) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    page = browser.get(f"/series/{first.series_id}/{ending}", status=302)
    assert "/sign-in" in (page.location or "")
