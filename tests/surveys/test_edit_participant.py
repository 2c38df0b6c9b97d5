from __future__ import annotations

import pytest

from app.surveys.models import Round
from tests.pages import Browser
from tests.surveys.conftest import Look


def path(round_: Round) -> str:
    return f"/rounds/{round_.id}/participants/{round_.participants[0].id}"


def test_name_address_and_role_can_be_corrected(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = facilitator_browser.get(path(draft))
    assert page.one("input", name="name").get("value") == "Anna Berg"

    facilitator_browser.post(path(draft), {"name": "Anne Berg", "email": "", "role": "Chair"}, status=302)

    anne = look(draft.id).participants[0]
    assert (anne.name, anne.email, anne.role, anne.identity) == ("Anne Berg", "", "Chair", "anne berg")


def test_edit_participant_requires_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(path(draft), status=302).location or "")


def test_edit_participant_refuses_outsider(outsider_browser: Browser, draft: Round) -> None:
    outsider_browser.get(path(draft), status=404)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "email": "", "role": ""}, "Write the name."),
        ({"name": "Anna", "email": "nowhere", "role": ""}, "is not a mail address."),
        ({"name": "Anna", "email": "BEN@halden.example", "role": ""}, "Somebody else in this round has this"),
        ({"name": "x" * 201, "email": "", "role": ""}, "Keep the name under 200 characters."),
    ],
)
def test_edit_participant_refuses_bad_input(
    facilitator_browser: Browser, draft: Round, look: Look, typed: dict[str, str], sentence: str
) -> None:
    facilitator_browser.get(path(draft))

    page = facilitator_browser.post(path(draft), typed, status=422)

    assert sentence in page.main
    assert look(draft.id).participants[0].name == "Anna Berg"


def test_people_of_a_closed_round_stay_as_they_were(
    facilitator_browser: Browser, closed: Round, look: Look
) -> None:
    facilitator_browser.get("/account")

    facilitator_browser.post(path(closed), {"name": "Anne", "email": "", "role": ""}, status=302)

    assert look(closed.id).participants[0].name == "Anna Berg"
