from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.people.models import Account
from app.surveys.confidentiality import PROMISES, UNTIL_THE_CLOSE, is_withheld, promise
from app.surveys.models import Confidentiality, Round
from app.surveys.services import start_next_round
from tests import factories
from tests.pages import Browser
from tests.surveys.conftest import Look
from tests.surveys.test_edit_round import typed


def test_every_mode_says_who_sees_what_and_what_it_does_not_cover() -> None:
    assert set(PROMISES) == set(Confidentiality)
    for mode in Confidentiality:
        assert promise(mode).mode == mode
        assert promise(mode).who_sees
        assert promise(mode).limits


def test_nothing_promises_that_nobody_could_ever_find_out() -> None:
    for each in map(promise, PROMISES):
        said = " ".join([each.name, each.summary, *each.who_sees, *each.limits, str(UNTIL_THE_CLOSE)]).lower()
        assert "anonym" not in said
        assert "impossible" not in said


@pytest.mark.parametrize(("n", "is_kept_back"), [(4, True), (6, True), (7, False)])
def test_a_round_shows_nothing_below_its_own_minimum(n: int, is_kept_back: bool) -> None:
    for mode in (Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED):
        assert is_withheld(mode, n, minimum=7) == is_kept_back
    assert not is_withheld(Confidentiality.NAMED, n, minimum=7)


def test_minimum_counts_are_set_before_the_launch_and_told_on_the_first_page(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    address = f"/rounds/{draft.id}/edit"
    facilitator_browser.get(address)
    facilitator_browser.post(address, typed(min_answers="7", min_theme_answers="9"), status=302)
    round_ = look(draft.id)

    assert (round_.min_answers, round_.min_theme_answers) == (7, 9)
    preview = facilitator_browser.get(f"/rounds/{draft.id}/preview").main
    assert "Below 7 answers nothing of what was said is shown, and below 9 no sentence is quoted" in preview


@pytest.mark.parametrize(
    ("answers", "themes", "why"),
    [
        ("4", "8", "from 5"),
        ("5", "7", "from 8"),
        ("12", "9", "less than the number above"),
        ("0", "8", "from 5"),
    ],
)
def test_minimum_counts_go_up_only(
    facilitator_browser: Browser, draft: Round, look: Look, answers: str, themes: str, why: str
) -> None:
    address = f"/rounds/{draft.id}/edit"
    facilitator_browser.get(address)
    page = facilitator_browser.post(address, typed(min_answers=answers, min_theme_answers=themes), status=422)
    assert why in page.main
    assert (look(draft.id).min_answers, look(draft.id).min_theme_answers) == (5, 8)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"min_answers": 4}, "min_answers_only_go_up"),
        ({"min_theme_answers": 7}, "min_theme_answers_only_go_up"),
        ({"min_answers": 9}, "min_theme_answers_only_go_up"),
    ],
)
def test_no_sql_takes_a_minimum_down(
    session: Session, draft: Round, changes: dict[str, int], rule: str
) -> None:
    for name, value in changes.items():
        setattr(draft, name, value)
    with pytest.raises(DBAPIError, match=rule):
        session.flush()


def test_from_the_launch_on_minimum_counts_stay_and_the_next_round_has_them(
    session: Session, facilitator: Account
) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    round_.min_answers, round_.min_theme_answers = 6, 9
    session.flush()
    round_.state, round_.opened_at = "open", round_.created_at
    session.flush()
    with pytest.raises(DBAPIError, match="minimum_counts_are_frozen_at_launch"), session.begin_nested():
        round_.min_theme_answers = 8
        session.flush()
    session.refresh(round_)
    round_.state, round_.closed_at = "closed", round_.created_at
    session.flush()
    following = start_next_round(session, round_=round_, now=round_.created_at)
    assert (following.min_answers, following.min_theme_answers) == (6, 9)
