from __future__ import annotations

from datetime import timedelta

from app.db import utc_now
from app.people.models import Account
from app.surveys.models import Round
from tests.pages import Browser
from tests.surveys.conftest import Look


def typed(**changed: str) -> dict[str, str]:
    return {
        "label": "Q2 2027",
        "asked_by": "Anna Berg, CEO",
        "introduction": "",
        "confidentiality": "unattributed",
        "closes_on": (utc_now() + timedelta(days=20)).date().isoformat(),
        "closes_at_time": "12:00",
        "time_zone": "Asia/Tokyo",
    } | changed


def test_draft_can_be_changed(facilitator_browser: Browser, draft: Round, look: Look) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/edit")
    assert page.one("input", name="label").get("value") == "Q1 2027"

    changed = facilitator_browser.post(f"/rounds/{draft.id}/edit", typed(), status=302)

    round_ = look(draft.id)
    assert changed.location == f"/rounds/{draft.id}"
    assert (round_.label, round_.confidentiality, round_.time_zone) == (
        "Q2 2027",
        "unattributed",
        "Asia/Tokyo",
    )


def test_edit_round_requires_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/edit", status=302).location or "")


def test_edit_round_refuses_outsider(outsider_browser: Browser, draft: Round) -> None:
    outsider_browser.get(f"/rounds/{draft.id}/edit", status=404)


def test_edit_round_refuses_bad_input(facilitator_browser: Browser, draft: Round, look: Look) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/edit")

    page = facilitator_browser.post(f"/rounds/{draft.id}/edit", typed(label=""), status=422)

    assert "Name the round" in page.main
    assert look(draft.id).label == "Q1 2027"


def test_open_round_cannot_be_changed(
    facilitator_browser: Browser, open_round: Round, look: Look, facilitator: Account
) -> None:
    facilitator_browser.get("/account")

    page = facilitator_browser.post(f"/rounds/{open_round.id}/edit", typed(), status=302)

    assert "its links are out and its texts stand" in facilitator_browser.follow(page).main
    assert (look(open_round.id).label, look(open_round.id).confidentiality) == ("Q1 2027", "named")


def test_layout_is_chosen_with_the_round(facilitator_browser: Browser, draft: Round, look: Look) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/edit")
    assert [
        field.get("value") for field in page.all("input", name="layout") if "checked" in field.attrib
    ] == ["one_question"]

    facilitator_browser.post(f"/rounds/{draft.id}/edit", typed(layout="one_page"), status=302)
    assert look(draft.id).layout == "one_page"

    facilitator_browser.post(f"/rounds/{draft.id}/edit", typed(layout="two_pages"), status=422)
    assert look(draft.id).layout == "one_page"
