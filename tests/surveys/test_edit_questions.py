from __future__ import annotations

from sqlalchemy.orm import Session

from app.surveys.models import Round
from tests import factories
from tests.pages import Browser
from tests.surveys.conftest import Look


def typed(round_: Round, prompt: str = "Why do customers choose us?") -> dict[str, str]:
    first, second = round_.questions
    return {
        f"prompt_{first.id}": prompt,
        f"hint_{first.id}": "",
        f"prompt_{second.id}": second.prompt,
        f"hint_{second.id}": second.hint,
    }


def test_questions_of_a_draft_can_be_reworded_and_keep_their_keys(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/questions")
    assert "what is our strategy?" in page.main

    facilitator_browser.post(f"/rounds/{draft.id}/questions", typed(draft), status=302)

    first, second = look(draft.id).questions
    assert (first.prompt, first.hint, first.key) == ("Why do customers choose us?", "", "strategy")
    assert second.key == "perception"


def test_edit_questions_requires_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/questions", status=302).location or "")


def test_edit_questions_refuses_outsider(outsider_browser: Browser, draft: Round) -> None:
    outsider_browser.get(f"/rounds/{draft.id}/questions", status=404)


def test_empty_question_is_refused(facilitator_browser: Browser, draft: Round, look: Look) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/questions")

    page = facilitator_browser.post(f"/rounds/{draft.id}/questions", typed(draft, prompt=" "), status=422)

    assert "Write question 1." in page.main
    assert look(draft.id).questions[0].prompt.startswith("In one to three sentences")


def test_later_round_warns_before_rewording(
    facilitator_browser: Browser, session: Session, closed: Round
) -> None:
    following = factories.draft_round(
        session, organisation_id=closed.series.organisation_id, series=closed.series
    )
    session.commit()

    page = facilitator_browser.get(f"/rounds/{following.id}/questions")

    assert "Quarters compare when the words stay the same." in page.main


def test_questions_of_an_open_round_stand(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    facilitator_browser.get("/account")

    facilitator_browser.post(f"/rounds/{open_round.id}/questions", typed(open_round), status=302)

    assert look(open_round.id).questions[0].prompt.startswith("In one to three sentences")
