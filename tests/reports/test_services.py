from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import utc_now
from app.evidence import services as evidence
from app.evidence.models import Verdict
from app.people.models import Account
from app.reports import services
from app.reports.services import RoundInput, as_json, input_hash, make_document, read_input
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.analysis.fakes import FirstWordJudge
from tests.evidence.conftest import TEXTS, Answered, answered_round
from tests.reports.conftest import Build

JUDGE = FirstWordJudge()


def document_of(given: RoundInput) -> dict[str, Any]:
    return make_document(given, JUDGE, lambda _percent, _note: None)


def closed(
    session: Session, account: Account, texts: list[str], mode: Confidentiality = Confidentiality.NAMED
) -> Round:
    return factories.closed_round(
        session, organisation_id=account.organisation_id, texts=texts, confidentiality=mode
    )


@pytest.fixture
def answered(app: Flask, session: Session, facilitator: Account) -> Answered:
    return answered_round(app, session, facilitator, Confidentiality.NAMED, TEXTS)


def with_guesses(given: RoundInput, guesses: list[int]) -> RoundInput:
    """These guesses for the first answers, none for the others."""
    filled = [*guesses, *[None] * (len(given.statements) - len(guesses))]
    pairs = zip(given.statements, filled, strict=True)
    return replace(given, statements=tuple(replace(said, percent=guess) for said, guess in pairs))


def vote_all(answered: Answered, n_voters: int, verdict: Verdict) -> None:
    answered.start()
    for voter in range(n_voters):
        for other in range(len(TEXTS)):
            if other != voter:
                answered.vote(voter, other, verdict)
    answered.end()


def correct(answered: Answered, account: Account, first: int, second: int, verdict: Verdict) -> None:
    evidence.correct_pair(
        answered.session,
        round_=answered.round,
        first_id=answered.sheets[first],
        second_id=answered.sheets[second],
        verdict=verdict,
        reason="I asked them.",
        account=account,
        now=utc_now(),
    )
    answered.session.flush()


# --- What goes in -------------------------------------------------------------------------------------------------


def test_a_named_report_shows_names_and_labels_each_role_once(session: Session, facilitator: Account) -> None:
    round_ = closed(session, facilitator, TEXTS[:3])
    round_.participants[1].role = "CEO"
    given = read_input(session, round_=round_)
    assert sorted(statement.label for statement in given.statements) == ["CEO", "CEO 2", "CRO"]
    assert {statement.name for statement in given.statements} == {"Anna Berg", "Ben Okafor", "Carla Ruiz"}


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_without_names_no_name_role_or_address_is_in_the_document(
    session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    round_ = closed(session, facilitator, TEXTS, mode)
    written = as_json(document_of(read_input(session, round_=round_)))
    for participant in round_.participants:
        assert participant.name not in written
        assert participant.email not in written
        assert f'"{participant.role}"' not in written


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_without_names_the_order_tells_nothing(
    session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    texts = [
        statement.text
        for statement in read_input(session, round_=closed(session, facilitator, TEXTS, mode)).statements
    ]
    turned = read_input(session, round_=closed(session, facilitator, TEXTS[::-1], mode)).statements
    assert [statement.text for statement in turned] == texts


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_under_five_answers_without_names_nothing_is_in_the_document(
    session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    round_ = closed(session, facilitator, TEXTS[:4], mode)
    document = document_of(read_input(session, round_=round_))
    assert document["is_withheld"] is True
    assert document["analysis"] is None
    assert not [text for text in TEXTS if text in json.dumps(document)]


def test_without_names_no_guess_stands_beside_an_answer(session: Session, facilitator: Account) -> None:
    round_ = closed(session, facilitator, TEXTS, Confidentiality.CONFIDENTIAL)
    given = with_guesses(read_input(session, round_=round_), [10, 20, 30, 40, 50, 60])

    document = document_of(given)

    assert document["analysis"]["perception"]["guess"]["estimate"] == 0.35
    assert {statement["percent"] for statement in document["statements"]} == {None}
    named = document_of(replace(given, confidentiality=Confidentiality.NAMED))
    assert [statement["percent"] for statement in named["statements"]] == [10, 20, 30, 40, 50, 60]


def test_without_names_the_guess_of_one_is_not_the_guess_of_all(
    session: Session, facilitator: Account
) -> None:
    """The mean of one guess is that guess."""
    round_ = closed(session, facilitator, TEXTS, Confidentiality.UNATTRIBUTED)
    given = with_guesses(read_input(session, round_=round_), [87])

    assert document_of(given)["analysis"]["perception"] is None
    named = document_of(replace(given, confidentiality=Confidentiality.NAMED))
    assert named["analysis"]["perception"]["n"] == 1


def test_with_names_four_answers_are_shown(session: Session, facilitator: Account) -> None:
    assert document_of(read_input(session, round_=closed(session, facilitator, TEXTS[:4])))["analysis"]


def test_the_same_input_gives_the_same_bytes(session: Session, facilitator: Account) -> None:
    round_ = closed(session, facilitator, TEXTS)
    first = read_input(session, round_=round_)
    session.expire_all()
    second = read_input(session, round_=round_)
    assert input_hash(first, JUDGE) == input_hash(second, JUDGE)
    assert as_json(document_of(first)) == as_json(document_of(second))


def test_another_judge_is_another_input(session: Session, facilitator: Account) -> None:
    given = read_input(session, round_=closed(session, facilitator, TEXTS))
    assert input_hash(given, JUDGE) != input_hash(given, FirstWordJudge(sure=0.8))


def test_a_report_is_kept_once_however_often_it_is_built(session: Session, facilitator: Account) -> None:
    round_ = closed(session, facilitator, TEXTS)
    kept = [
        services.keep_report(session, round_id=round_.id, input_hash="a" * 64, document={"n": 1})
        for _ in range(2)
    ]
    assert kept[0] is kept[1]


@pytest.mark.parametrize(
    "texts",
    [
        ["Clinics first, always and everywhere in Europe."],
        TEXTS[:2],
        [TEXTS[0]] * 9,
        [
            "",
            "n/a",
            "🙂🙂",
            "الاستراتيجية هي خدمة المستشفيات فقط",
            "Clinics",
            "我们为医院服务,别无其他选择。",
        ],
        ["Clinics " + "and more of them in every single country " * 480, *TEXTS],
    ],
    ids=["one", "two", "identical", "unreadable", "long"],
)
def test_any_answers_make_a_document_without_made_up_numbers(
    session: Session, facilitator: Account, monkeypatch: pytest.MonkeyPatch, texts: list[str]
) -> None:
    document = document_of(read_input(session, round_=closed(session, facilitator, texts)))
    analysis = document["analysis"]
    assert isinstance(analysis, dict)
    assert len(analysis["answers"]) == len(texts)
    if analysis["n_read"] < 3:
        assert analysis["agreement"]["estimate"] is None
        assert analysis["strategies"]["estimate"] is None


# --- Evidence ---------------------------------------------------------------------------------------------------------


def test_without_evidence_there_is_one_reading(answered: Answered) -> None:
    document = document_of(read_input(answered.session, round_=answered.round))
    assert document["machine"] is None
    assert document["evidence"]["corrections"] == []  # type: ignore[index]
    assert document["evidence"]["votes"]["echo_check"] is False  # type: ignore[index]


def test_votes_enter_the_report_beside_the_reading_without_them(answered: Answered) -> None:
    vote_all(answered, 6, Verdict.SAME)
    document = document_of(read_input(answered.session, round_=answered.round))
    assert document["machine"]["strategies"]["estimate"] == 3  # type: ignore[index]
    assert document["analysis"]["strategies"]["estimate"] == 1  # type: ignore[index]
    assert document["evidence"]["votes"] == {  # type: ignore[index]
        "echo_check": True,
        "may_vote": 6,
        "voters": 6,
        "pairs": 15,
        "counted": True,
        "fewest_voters": 3,
    }


def test_votes_count_only_when_the_echo_check_has_ended(answered: Answered) -> None:
    answered.start()
    for voter in range(1, 6):
        answered.vote(voter, 0, Verdict.SAME)
    given = read_input(answered.session, round_=answered.round)
    assert given.evidence.opinions == ()


def test_two_voters_are_too_few_to_show_what_they_said(answered: Answered) -> None:
    vote_all(answered, 2, Verdict.SAME)
    document = document_of(read_input(answered.session, round_=answered.round))
    assert document["machine"] is None
    assert document["evidence"]["votes"]["voters"] == 2  # type: ignore[index]
    assert document["evidence"]["votes"]["counted"] is False  # type: ignore[index]


def test_people_who_cannot_tell_do_not_hide_the_one_who_can(answered: Answered) -> None:
    answered.start()
    answered.vote(0, 1, Verdict.DIFFERENT)
    for voter in (2, 3, 4):
        answered.vote(voter, 1, Verdict.UNSURE)
    answered.end()
    given = read_input(answered.session, round_=answered.round)
    assert given.evidence.n_voters == 4
    assert given.evidence.opinions == ()


def test_no_single_vote_is_in_the_document(answered: Answered) -> None:
    vote_all(answered, 6, Verdict.SAME)
    written = as_json(document_of(read_input(answered.session, round_=answered.round)))
    assert not [sheet for sheet in answered.sheets if sheet in written]
    assert "voter_id" not in written
    assert "evidence" not in json.loads(written)["round"]


def test_the_input_says_how_many_said_what_of_a_pair_and_not_who(answered: Answered) -> None:
    answered.start()
    answered.vote(0, 1, Verdict.SAME)
    answered.vote(1, 0, Verdict.SAME)
    answered.end()
    [pair] = read_input(answered.session, round_=answered.round).evidence.votes
    assert (pair.verdict, pair.n) == ("same", 2)
    assert pair.first < pair.second


def test_a_corrected_pair_moves_the_report(answered: Answered, facilitator: Account) -> None:
    before = read_input(answered.session, round_=answered.round)
    correct(answered, facilitator, 0, 1, Verdict.OPPOSITE)
    after = read_input(answered.session, round_=answered.round)
    document = document_of(after)
    places = [[s.text for s in after.statements].index(TEXTS[k]) for k in (0, 1)]
    alone, together = (document[key]["belonging"][places[0]][places[1]] for key in ("machine", "analysis"))  # type: ignore[index]
    assert input_hash(before, JUDGE) != input_hash(after, JUDGE)
    assert alone > 0.5 > together
    assert document["analysis"]["opposed"][places[0]][places[1]] > 0.9  # type: ignore[index]
    [shown] = document["evidence"]["corrections"]  # type: ignore[index]
    assert (shown["pair"], shown["reason"], shown["made_by"]) == (
        sorted(places),
        "I asked them.",
        "Mara Lind",
    )


def test_a_correction_taken_back_leaves_the_input_as_it_was(answered: Answered, facilitator: Account) -> None:
    before = input_hash(read_input(answered.session, round_=answered.round), JUDGE)
    correct(answered, facilitator, 0, 2, Verdict.SAME)
    [made] = evidence.queries.list_standing_corrections(answered.session, round_id=answered.round_id)
    evidence.withdraw_correction(answered.session, correction=made, account=facilitator, now=utc_now())
    assert input_hash(read_input(answered.session, round_=answered.round), JUDGE) == before


def test_a_correction_about_an_answer_without_a_strategy_says_that_it_has_no_effect(
    app: Flask, session: Session, facilitator: Account
) -> None:
    texts = [*TEXTS[:4], "Vague is the word for all that we want to be."]
    made = answered_round(app, session, facilitator, Confidentiality.NAMED, texts)
    correct(made, facilitator, 0, 4, Verdict.SAME)
    given = read_input(session, round_=made.round)
    document = make_document(given, FirstWordJudge(assesses=True), lambda _percent, _note: None)
    [shown] = document["evidence"]["corrections"]
    assert shown["has_effect"] is False


def test_the_map_of_a_named_round_is_turned_to_the_map_of_the_round_before(
    session: Session, facilitator: Account, build: Build
) -> None:
    first = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=TEXTS)
    evidence._rebuild_report(session, round_id=first.id, because="test")
    session.commit()
    build()
    second = factories.closed_round(
        session,
        organisation_id=facilitator.organisation_id,
        texts=TEXTS,
        label="Q2 2027",
        series=first.series,
    )
    given = read_input(session, round_=second)
    assert given.map_follows == first.label
    assert [index for index, _x, _y in given.anchors] == list(range(len(TEXTS)))
    document = document_of(given)
    assert document["map_follows"] == first.label
    assert "anchors" not in str(document["round"])


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_a_map_without_names_remembers_nobody(
    session: Session, facilitator: Account, build: Build, mode: Confidentiality
) -> None:
    first = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=TEXTS, confidentiality=mode
    )
    evidence._rebuild_report(session, round_id=first.id, because="test")
    session.commit()
    build()
    second = factories.closed_round(
        session,
        organisation_id=facilitator.organisation_id,
        texts=TEXTS,
        confidentiality=mode,
        label="Q2 2027",
        series=first.series,
    )
    assert read_input(session, round_=second).anchors == ()
