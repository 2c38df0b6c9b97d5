from __future__ import annotations

from app.surveys.confidentiality import promise
from app.surveys.models import Round
from tests.pages import Browser


def test_preview_shows_what_people_will_read(facilitator_browser: Browser, draft: Round) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/preview")

    assert "Mara Lind, CMO, asks you and your colleagues at Halden Instruments." in page.main
    for sentence in promise(draft.confidentiality).who_sees:
        assert sentence in page.main
    for question in draft.questions:
        assert question.prompt in page.main


def test_preview_requires_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/preview", status=302).location or "")


def test_preview_refuses_outsider(outsider_browser: Browser, draft: Round) -> None:
    outsider_browser.get(f"/rounds/{draft.id}/preview", status=404)
