"""The facilitator's page of corrections."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.evidence import queries
from app.people.models import Account
from app.surveys.models import Confidentiality
from tests import factories
from tests.evidence.conftest import TEXTS, Answered
from tests.pages import Browser

FILLED = {"first": "0", "second": "2", "verdict": "same", "reason": "Both mean the clinics; I asked."}


def path(answered: Answered, end: str = "") -> str:
    return f"/rounds/{answered.round_id}/corrections{end}"


def standing(answered: Answered) -> list[tuple[str, str, str]]:
    answered.session.rollback()
    found = queries.list_standing_corrections(answered.session, round_id=answered.round_id)
    said = [(made.verdict, made.reason, made.made_by.name) for made in found]
    answered.session.rollback()
    return said


def id_of_the_only_one(answered: Answered) -> int:
    answered.session.rollback()
    [made] = queries.list_corrections(answered.session, round_id=answered.round_id)
    found = made.id
    answered.session.rollback()
    return found


def test_a_correction_is_written_down_with_who_and_why(facilitator_browser: Browser, named: Answered) -> None:
    facilitator_browser.get(path(named))
    page = facilitator_browser.follow(facilitator_browser.post(path(named), FILLED, status=302))
    assert standing(named) == [("same", FILLED["reason"], "Mara Lind")]
    assert FILLED["reason"] in page.main


def test_the_pair_is_the_one_that_was_chosen(facilitator_browser: Browser, named: Answered) -> None:
    page = facilitator_browser.get(path(named))
    options = {option.get("value"): "".join(option.itertext()) for option in page.all("option")}
    facilitator_browser.post(path(named), FILLED, status=302)
    named.session.rollback()
    [made] = queries.list_standing_corrections(named.session, round_id=named.round_id)
    chosen = {TEXTS[named.sheets.index(sheet)] for sheet in (made.first_id, made.second_id)}
    assert all(any(words.endswith(text) for text in chosen) for words in (options["0"], options["2"]))


def test_without_a_reason_nothing_is_kept_and_the_choice_stays(
    facilitator_browser: Browser, named: Answered
) -> None:
    facilitator_browser.get(path(named))
    page = facilitator_browser.post(path(named), FILLED | {"reason": " "}, status=422)
    assert "Write why" in page.main
    assert [option.get("value") for option in page.all("option") if "selected" in option.attrib][:2] == [
        "0",
        "2",
    ]
    assert standing(named) == []


def test_the_same_answer_twice_is_refused(facilitator_browser: Browser, named: Answered) -> None:
    facilitator_browser.get(path(named))
    page = facilitator_browser.post(path(named), FILLED | {"second": "0"}, status=422)
    assert "two different answers" in page.main


def test_an_answer_that_is_not_there_is_refused(facilitator_browser: Browser, named: Answered) -> None:
    facilitator_browser.get(path(named))
    facilitator_browser.post(path(named), FILLED | {"second": "77"}, status=422)
    facilitator_browser.post(path(named), FILLED | {"verdict": "unsure"}, status=422)
    assert standing(named) == []


def test_it_is_withdrawn_and_stays_in_the_log(facilitator_browser: Browser, named: Answered) -> None:
    facilitator_browser.get(path(named))
    facilitator_browser.follow(facilitator_browser.post(path(named), FILLED, status=302))
    made = id_of_the_only_one(named)
    withdrawn = facilitator_browser.post(path(named, f"/{made}/withdraw"), status=302)
    page = facilitator_browser.follow(withdrawn)
    assert standing(named) == []
    assert "Withdrawn by Mara Lind" in page.main
    assert FILLED["reason"] in page.main


def test_unattributed_the_answers_have_numbers_and_no_names(
    facilitator_browser: Browser, unattributed: Answered
) -> None:
    page = facilitator_browser.get(path(unattributed))
    assert "Answer 1: " in page.main
    assert not [person for person in unattributed.round.participants if person.name in page.text]


def test_where_the_report_shows_no_answer_none_is_shown_here(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.closed_round(
        session,
        organisation_id=facilitator.organisation_id,
        texts=TEXTS[:4],
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    session.commit()
    page = facilitator_browser.get(f"/rounds/{round_.id}/corrections", status=302)
    assert page.location == f"/rounds/{round_.id}"


def test_without_a_sign_in_there_is_nothing(browser: Browser, named: Answered) -> None:
    assert "/sign-in" in browser.get(path(named), status=302).location


def test_another_organisation_finds_nothing_and_changes_nothing(
    facilitator_browser: Browser, outsider_browser: Browser, named: Answered
) -> None:
    facilitator_browser.get(path(named))
    facilitator_browser.post(path(named), FILLED, status=302)
    made = id_of_the_only_one(named)
    outsider_browser.get("/")
    outsider_browser.get(path(named), status=404)
    outsider_browser.post(path(named), FILLED, status=404)
    outsider_browser.post(path(named, f"/{made}/withdraw"), status=404)
    assert len(standing(named)) == 1
