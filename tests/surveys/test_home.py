from __future__ import annotations

from sqlalchemy.orm import Session

from app.people.models import Account
from app.surveys.models import Round
from tests import factories
from tests.pages import Browser


def test_home_invites_to_the_first_round(facilitator_browser: Browser) -> None:
    page = facilitator_browser.get("/")

    assert "Ask your team what the strategy is" in page.main
    assert "/rounds/new" in page.links


def test_home_requires_sign_in(browser: Browser, facilitator: Account) -> None:
    assert browser.get("/", status=302).location == "/sign-in"


def test_home_shows_each_round_with_its_state_and_what_to_do(
    facilitator_browser: Browser, session: Session, closed: Round
) -> None:
    following = factories.open_round(
        session, organisation_id=closed.series.organisation_id, series=closed.series, label="Q2 2027"
    )
    session.commit()

    page = facilitator_browser.get("/")

    assert "Q1 2027 Closed 3 of 3 answered." in page.main
    assert "Q2 2027 Open 0 of 9 have answered." in page.main
    assert f"/rounds/{closed.id}/report" in page.links
    assert f"/rounds/{following.id}" in page.links
    assert f"/series/{closed.series_id}/thesis" in page.links


def test_home_shows_a_draft(facilitator_browser: Browser, draft: Round) -> None:
    assert "9 people on the list. No link is out yet." in facilitator_browser.get("/").main


def test_home_shows_nothing_of_another_organisation(outsider_browser: Browser, draft: Round) -> None:
    page = outsider_browser.get("/")

    assert "Brandt Logistics" in page.main
    assert draft.label not in page.main


def test_names_that_look_like_markup_are_shown_as_text(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    label = "<script>alert(1)</script>"
    factories.draft_round(session, organisation_id=facilitator.organisation_id, label=label)
    session.commit()

    assert label in facilitator_browser.get("/").main
