"""The executive's pages of the echo check."""

from __future__ import annotations

from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.evidence.models import Verdict
from app.people.models import Account
from app.surveys.models import Confidentiality, ParticipantState
from tests.evidence.conftest import TEXTS, Answered, answered_round, shown_text
from tests.pages import Browser, Page

OTHERS = len(TEXTS) - 1


@pytest.fixture(params=list(Confidentiality))
def answered(request: pytest.FixtureRequest, app: Flask, session: Session, facilitator: Account) -> Answered:
    """The same in every mode."""
    return answered_round(app, session, facilitator, request.param, TEXTS)


def read_all(browser: Browser, answered: Answered) -> list[str]:
    """Every answer that this browser is given, each one voted "can't tell"."""
    texts = []
    for number in range(1, OTHERS + 1):
        texts.append(shown_text(browser.get(answered.path(f"/{number}"))))
        browser.post(answered.path(f"/{number}"), {"verdict": "unsure"}, status=303)
    return texts


def test_the_personal_link_leads_there_while_it_is_open(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    page = browser.get(answered.link(0))
    assert "The echo check is open" in page.main
    resumed = browser.follow(browser.post(answered.link(0), status=303), status=303)
    assert resumed.location == answered.path()


def test_before_it_opens_the_link_shows_ones_own_answer_as_ever(answered: Answered) -> None:
    browser = answered.own_browser(0)
    browser.get(answered.path(), status=303)
    assert TEXTS[0] in browser.get(f"/answer/{answered.round_id}/done").main


def test_each_reads_all_the_others_once_without_a_name_and_never_their_own(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    assert sorted(read_all(browser, answered)) == sorted(TEXTS[1:])
    page = browser.get(answered.path("/done"))
    for participant in answered.round.participants[1:]:
        assert participant.name not in page.text
        assert f">{participant.role}<" not in page.text


def test_the_order_is_ones_own_and_a_reload_keeps_it(answered: Answered) -> None:
    answered.start()
    first = read_all(answered.own_browser(0), answered)
    assert read_all(answered.own_browser(0), answered) == first
    orders = [read_all(answered.own_browser(person), answered) for person in range(1, 6)]
    # Five people with the same order of what they share would be one chance in thousands of millions.
    assert any(
        [one for one in a if one in b] != [one for one in b if one in a]
        for a, b in pairwise([first, *orders])
    )


def test_ones_own_answer_stands_above(answered: Answered) -> None:
    answered.start()
    page = answered.own_browser(2).get(answered.path("/1"))
    assert TEXTS[2] in page.main
    assert "1 of 5 · about a minute left" in page.main


def test_a_vote_is_kept_and_leads_to_the_next_answer(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    read = TEXTS.index(shown_text(browser.get(answered.path("/1"))))
    sent = browser.post(answered.path("/1"), {"verdict": "opposite"}, status=303)
    assert sent.location == answered.path("/2")
    assert answered.votes() == {(0, read, "opposite")}


def test_it_goes_on_where_one_stopped(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    for number in (1, 3):
        browser.get(answered.path(f"/{number}"))
        browser.post(answered.path(f"/{number}"), {"verdict": "same"}, status=303)
    assert answered.own_browser(0).get(answered.path(), status=303).location == answered.path("/2")


def test_a_vote_can_be_changed_until_the_end(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    read_all(browser, answered)
    page = browser.get(answered.path("/1"))
    assert [button.get("value") for button in page.all("button") if button.get("aria-pressed")] == ["unsure"]
    changed = browser.post(answered.path("/1"), {"verdict": "same"}, status=303)
    assert changed.location == answered.path("/done")
    assert sorted(verdict for *_, verdict in answered.votes()) == ["same", *["unsure"] * (OTHERS - 1)]


def test_four_buttons_of_one_form_work_without_script(answered: Answered) -> None:
    answered.start()
    page = answered.own_browser(0).get(answered.path("/1"))
    buttons = [button for button in page.all("button") if button.get("name") == "verdict"]
    assert [button.get("value") for button in buttons] == [verdict.value for verdict in Verdict]


@pytest.mark.parametrize("verdict", ["", "maybe"])
def test_another_word_is_no_vote(named: Answered, verdict: str) -> None:
    named.start()
    browser = named.own_browser(0)
    browser.get(named.path("/1"))
    browser.post(named.path("/1"), {"verdict": verdict}, status=422)
    assert named.votes() == set()


@pytest.mark.parametrize("number", [0, 6, 99])
def test_there_is_no_answer_beyond_the_list(named: Answered, number: int) -> None:
    named.start()
    named.own_browser(0).get(named.path(f"/{number}"), status=404)


def test_after_the_end_the_answers_of_others_can_be_read_no_more(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    browser.get(answered.path("/1"))
    answered.end()
    for end in ("", "/1", "/done"):
        page = browser.get(answered.path(end))
        assert "The echo check has ended" in page.main
        assert not [other for other in TEXTS[1:] if other in page.text]
    refused = browser.post(answered.path("/1"), {"verdict": "same"})
    assert "has ended" in refused.main
    assert answered.votes() == set()


def test_when_its_time_is_over_it_is_over_before_the_worker_has_looked(answered: Answered) -> None:
    answered.start()
    answered.session.execute(
        text("UPDATE echo_checks SET opened_at = :then, closes_at = :now"),
        {"then": "2020-01-01 00:00:00+00:00", "now": "2020-01-02 00:00:00+00:00"},
    )
    answered.session.commit()
    page = answered.own_browser(0).get(answered.path("/1"))
    assert not [other for other in TEXTS[1:] if other in page.text]


def test_without_the_link_nobody_reads_anything(browser: Browser, answered: Answered) -> None:
    answered.start()
    for end in ("", "/1", "/done"):
        page = browser.get(answered.path(end), status=404)
        assert not [one for one in TEXTS if one in page.text]


@pytest.mark.parametrize("mode", [Confidentiality.NAMED, Confidentiality.CONFIDENTIAL])
def test_another_browser_with_the_link_votes_but_is_not_shown_what_was_sent(
    app: Flask, session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    made = answered_round(app, session, facilitator, mode, TEXTS)
    made.start()
    browser = made.other_browser(0)
    page = browser.get(made.path("/1"))
    assert TEXTS[0] not in page.text
    browser.post(made.path("/1"), {"verdict": "same"}, status=303)
    assert {voter for voter, *_ in made.votes()} == {0}


def test_unattributed_only_the_browser_that_wrote_the_answer_votes(unattributed: Answered) -> None:
    unattributed.start()
    browser = unattributed.other_browser(0)
    page = browser.get(unattributed.path("/1"))
    assert page.heading == "Please use the browser you answered in"
    assert not [one for one in TEXTS if one in page.text]
    browser.post(unattributed.path("/1"), {"verdict": "same"})
    assert unattributed.votes() == set()


def test_who_did_not_answer_reads_nothing(named: Answered) -> None:
    anna = named.round.participants[0]
    named.session.execute(text("DELETE FROM sheets WHERE id = :id"), {"id": named.sheets[0]})
    anna.state = ParticipantState.INVITED
    named.session.commit()
    named.start()
    page = named.other_browser(0).get(named.path("/1"))
    assert page.heading == "The echo check is for those who answered"
    assert not [one for one in TEXTS if one in page.text]


def test_with_many_answers_each_reads_twelve(
    app: Flask, session: Session, facilitator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [(f"P{k:02} Lind", f"Role {k:02}") for k in range(15)]
    monkeypatch.setattr("tests.factories.EXECUTIVES", people)
    texts = [f"Clinics number {k} are who we serve first." for k in range(15)]
    made = answered_round(app, session, facilitator, Confidentiality.UNATTRIBUTED, texts)
    made.start()
    page = made.own_browser(0).get(made.path())
    assert "12 of the 14 other answers" in page.main
    made.own_browser(0).get(made.path("/12"))
    made.own_browser(0).get(made.path("/13"), status=404)


def test_a_look_at_a_page_changes_nothing(answered: Answered) -> None:
    answered.start()
    browser = answered.own_browser(0)
    for end in ("", "/1", "/done"):
        page: Page = browser.get(answered.path(end))
        assert page.status == 200
    assert answered.votes() == set()
