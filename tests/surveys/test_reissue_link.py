from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.people.models import Account
from app.surveys.links import new_key
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.pages import Browser
from tests.surveys.conftest import Look, hidden, launch, links_on, live_links

BASE = "http://127.0.0.1:8000"


@pytest.mark.parametrize("mode", list(Confidentiality))
def test_new_link_works_and_the_old_one_stops(
    facilitator_browser: Browser,
    browser: Browser,
    session: Session,
    facilitator: Account,
    mode: Confidentiality,
) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id, confidentiality=mode)
    session.commit()
    _key, page = launch(facilitator_browser, round_.id)
    old = links_on(page)[0].removeprefix(BASE)
    anna = round_.participants[0]
    listed = facilitator_browser.get(f"/rounds/{round_.id}/participants")

    shown = facilitator_browser.post(
        f"/rounds/{round_.id}/participants/{anna.id}/link", {"key": hidden(listed, "key")}, status=200
    )

    (new,) = links_on(shown)
    assert shown.heading.endswith("A new link for Anna Berg")
    browser.get(old, status=404)
    assert "Anna Berg" in browser.get(new.removeprefix(BASE)).main


def test_answer_loaded_again_shows_the_same_link(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/participants")
    path = f"/rounds/{open_round.id}/participants/{open_round.participants[0].id}/link"
    key = new_key()
    first = facilitator_browser.post(path, {"key": key}, status=200)

    again = facilitator_browser.post(path, {"key": key}, status=200)

    assert links_on(again) == links_on(first)
    assert len(live_links(look(open_round.id).participants[0])) == 1


def test_reissue_without_a_key_makes_no_link(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/participants")

    page = facilitator_browser.post(
        f"/rounds/{open_round.id}/participants/{open_round.participants[0].id}/link", {"key": "x"}, status=302
    )

    assert "no link was made" in facilitator_browser.follow(page).main
    assert look(open_round.id).participants[0].invitations == []


def test_no_link_before_the_launch_or_after_the_close(
    facilitator_browser: Browser, draft: Round, closed: Round, look: Look
) -> None:
    facilitator_browser.get("/account")
    for round_ in (draft, closed):
        path = f"/rounds/{round_.id}/participants/{round_.participants[0].id}/link"

        facilitator_browser.post(path, {"key": new_key()}, status=302)

        assert look(round_.id).participants[0].invitations == []


def test_reissue_refuses_outsider(outsider_browser: Browser, open_round: Round, look: Look) -> None:
    outsider_browser.get("/account")

    outsider_browser.post(
        f"/rounds/{open_round.id}/participants/{open_round.participants[0].id}/link",
        {"key": new_key()},
        status=404,
    )

    assert look(open_round.id).participants[0].invitations == []


def test_reissue_requires_sign_in(browser: Browser, open_round: Round, look: Look) -> None:
    browser.get("/sign-in")

    page = browser.post(
        f"/rounds/{open_round.id}/participants/{open_round.participants[0].id}/link", {"key": new_key()}
    )

    assert "/sign-in" in (page.location or "")
    assert look(open_round.id).participants[0].invitations == []
