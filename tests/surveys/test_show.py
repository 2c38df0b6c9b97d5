from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.people.models import Account
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.pages import Browser, Page, words

SECRET = "We sell calm to anxious hospital directors"


def test_draft_shows_its_checklist_and_the_way_to_the_launch(
    facilitator_browser: Browser, draft: Round
) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}")

    assert page.heading == "Q1 2027"
    assert "9 people are on the list." in page.main
    assert "Everybody has a mail address." in page.main
    assert f"/rounds/{draft.id}/launch" in page.links


def test_draft_without_people_cannot_be_launched(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    empty = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=0)
    session.commit()

    page = facilitator_browser.get(f"/rounds/{empty.id}")

    assert "Nobody is on the list yet. Needed" in page.main
    assert f"/rounds/{empty.id}/launch" not in page.links


def test_open_round_shows_who_has_answered_and_never_what(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    for mode in Confidentiality:
        round_ = factories.open_round(
            session, organisation_id=facilitator.organisation_id, confidentiality=mode
        )
        anna = round_.participants[0]
        is_named = mode != Confidentiality.UNATTRIBUTED
        factories.submitted_sheet(session, round_=round_, participant=anna if is_named else None, text=SECRET)
        anna.state = "submitted"
        session.commit()

        for path in ("", "/progress", "/participants", "/close", "/extend", "/preview"):
            page = facilitator_browser.get(f"/rounds/{round_.id}{path}")
            assert SECRET not in page.text, (mode, path)

        page = facilitator_browser.get(f"/rounds/{round_.id}")
        assert "1 of 9 have answered" in page.main
        assert ("Anna Berg CEO Submitted" in page.main) == is_named
        assert ("Ben Okafor CFO Not started" in page.main) == is_named


@pytest.mark.parametrize("state", ["open", "closed"])
def test_no_page_of_an_unattributed_round_sets_a_name_beside_an_answer_given(
    facilitator_browser: Browser, session: Session, facilitator: Account, state: str
) -> None:
    make = factories.open_round if state == "open" else factories.closed_round
    options = {} if state == "open" else {"texts": ["We win."] * 3}
    round_ = make(
        session,
        organisation_id=facilitator.organisation_id,
        confidentiality=Confidentiality.UNATTRIBUTED,
        **options,
    )
    session.commit()
    pages = [f"/rounds/{round_.id}{path}" for path in ("", "/progress", "/participants", "/mail")]
    before = [rows_of(facilitator_browser.get(path)) for path in pages]

    for participant in round_.participants[:2]:
        participant.state = "invited" if state == "closed" else "submitted"
    session.commit()

    assert [rows_of(facilitator_browser.get(path)) for path in pages] == before


def rows_of(page: Page) -> list[str]:
    """What stands beside each name, without what every form has anew."""
    return [words(row) for row in page.all("li", class_="person")]


def test_closed_round_leads_to_the_report_and_the_next_round(
    facilitator_browser: Browser, closed: Round
) -> None:
    page = facilitator_browser.get(f"/rounds/{closed.id}")

    assert "3 of 3 answered" in page.main
    assert f"/rounds/{closed.id}/report" in page.links
    assert page.one("form", action=f"/rounds/{closed.id}/next") is not None


def test_show_requires_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}", status=302).location or "")


def test_show_refuses_outsider_and_what_does_not_exist_alike(outsider_browser: Browser, draft: Round) -> None:
    foreign = outsider_browser.get(f"/rounds/{draft.id}", status=404)
    unknown = outsider_browser.get("/rounds/999999", status=404)

    assert foreign.main == unknown.main


def test_progress_is_a_fragment_that_tells_of_the_close(facilitator_browser: Browser, closed: Round) -> None:
    page = facilitator_browser.get(f"/rounds/{closed.id}/progress")

    assert "<html" not in page.text
    assert "The round has closed." in page.text


def test_progress_requires_sign_in(browser: Browser, open_round: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{open_round.id}/progress", status=302).location or "")


def test_progress_refuses_outsider(outsider_browser: Browser, open_round: Round) -> None:
    outsider_browser.get(f"/rounds/{open_round.id}/progress", status=404)
