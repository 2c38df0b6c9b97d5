"""The facilitator's pages of the echo check."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.db import utc_now
from app.evidence import queries
from app.evidence.models import Verdict
from app.people.models import Account
from app.surveys.models import Confidentiality
from tests import factories
from tests.evidence.conftest import TEXTS, Answered
from tests.pages import Browser


def path(answered: Answered, end: str = "") -> str:
    return f"/rounds/{answered.round_id}/echo-check{end}"


def test_the_facilitator_starts_it_for_two_days(facilitator_browser: Browser, named: Answered) -> None:
    page = facilitator_browser.get(path(named))
    [chosen] = [field for field in page.all("input", type="radio") if "checked" in field.attrib]
    facilitator_browser.post(path(named), {"ends_on": chosen.get("value")}, status=302)
    named.session.rollback()
    check = queries.find_echo_check(named.session, round_id=named.round_id)
    assert timedelta(days=1) < check.closes_at - utc_now() < timedelta(days=3)


def test_the_choices_say_day_time_and_place(facilitator_browser: Browser, named: Answered) -> None:
    page = facilitator_browser.get(path(named))
    assert "In 2 days: " in page.main
    assert page.main.count("17:00 Berlin") == 4


@pytest.mark.parametrize("ends_on", ["", "yesterday", "2020-01-01"])
def test_another_time_is_refused(facilitator_browser: Browser, named: Answered, ends_on: str) -> None:
    facilitator_browser.get(path(named))
    facilitator_browser.post(path(named), {"ends_on": ends_on}, status=422)
    named.session.rollback()
    assert queries.find_echo_check(named.session, round_id=named.round_id) is None


def test_how_many_took_part_is_shown_and_neither_who_nor_how(
    facilitator_browser: Browser, named: Answered
) -> None:
    named.start()
    named.vote(0, 1, Verdict.OPPOSITE)
    named.vote(0, 2, Verdict.SAME)
    named.vote(1, 0, Verdict.DIFFERENT)
    page = facilitator_browser.get(path(named))
    assert "2 of 6 have taken part" in page.main
    assert not [person for person in named.round.participants if person.name in page.main]
    assert not [text for text in TEXTS if text in page.main]
    assert "opposite" not in page.main


def test_it_is_ended_by_hand_after_a_question(facilitator_browser: Browser, named: Answered) -> None:
    named.start()
    asked = facilitator_browser.get(path(named, "/end"))
    assert "fewer than 3 voters" in asked.main
    done = facilitator_browser.follow(facilitator_browser.post(path(named, "/end"), status=302))
    assert "Ended" in done.main


def test_looking_at_the_question_ends_nothing(facilitator_browser: Browser, named: Answered) -> None:
    named.start()
    facilitator_browser.get(path(named, "/end"))
    named.session.rollback()
    assert queries.find_echo_check(named.session, round_id=named.round_id).ended_at is None


def test_without_a_sign_in_there_is_nothing(browser: Browser, named: Answered) -> None:
    assert "/sign-in" in browser.get(path(named), status=302).location


def test_another_organisation_finds_nothing_and_starts_nothing(
    outsider_browser: Browser, named: Answered
) -> None:
    outsider_browser.get("/")
    outsider_browser.get(path(named), status=404)
    outsider_browser.get(path(named, "/end"), status=404)
    tomorrow = (utc_now() + timedelta(days=1)).date().isoformat()
    outsider_browser.post(path(named), {"ends_on": tomorrow}, status=404)
    named.session.rollback()
    assert queries.find_echo_check(named.session, round_id=named.round_id) is None


def test_too_few_answers_are_said_to_be_too_few(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.closed_round(
        session,
        organisation_id=facilitator.organisation_id,
        texts=TEXTS[:4],
        confidentiality=Confidentiality.UNATTRIBUTED,
    )
    session.commit()
    page = facilitator_browser.get(f"/rounds/{round_.id}/echo-check")
    assert "below 5 answers" in page.main
