from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session

from app.people.models import Account
from app.surveys.models import Confidentiality, Round
from app.theses.services import write_version
from app.tracking import services
from tests import factories
from tests.analysis.fakes import FirstWordJudge

APART = ["north", "south", "east", "west", "up", "down", "left", "right", "ahead"]
TOGETHER = ["north"] * 7 + ["south", "south"]


def texts(words: list[str], ending: str) -> list[str]:
    return [f"{word} is where we are going, {ending} {number}." for number, word in enumerate(words)]


def two_rounds(session: Session, account: Account, confidentiality: Confidentiality) -> Round:
    first = factories.closed_round(
        session,
        organisation_id=account.organisation_id,
        texts=texts(APART, "says"),
        confidentiality=confidentiality,
        label="Q1",
    )
    factories.closed_round(
        session,
        organisation_id=account.organisation_id,
        texts=texts(TOGETHER, "thinks"),
        confidentiality=confidentiality,
        label="Q2",
        series=first.series,
    )
    session.commit()
    return first


def document(session: Session, first: Round) -> dict[str, object]:
    given = services.read_series(session, series=first.series)
    return services.make_document(given, FirstWordJudge(), lambda percent, note: None)


def test_a_team_that_came_together_is_converging(session: Session, facilitator: Account) -> None:
    made = document(session, two_rounds(session, facilitator, Confidentiality.NAMED))
    (change,) = made["tracking"]["changes"]  # type: ignore[index]
    assert change["verdict"] == "converging"
    assert change["pairs"] == 9


def test_the_thesis_in_its_newest_version_is_what_counts(session: Session, facilitator: Account) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    for number, text in enumerate(("South it is.", "North it is.")):
        write_version(session, series_id=first.series_id, text=text, account=facilitator, based_on=number)
    session.commit()
    made = document(session, first)
    assert made["thesis"] == {"number": 2, "text": "North it is."}
    was, now = (reading["thesis"]["estimate"] for reading in made["tracking"]["rounds"])  # type: ignore[index]
    assert was < 0.3 < now


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_without_public_names_nobody_who_wrote_something_is_named(
    session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    first = two_rounds(session, facilitator, mode)
    thesis = "East is where we are going, says 2, and we shall get there together before the others do."
    write_version(session, series_id=first.series_id, text=thesis, account=facilitator, based_on=0)
    session.commit()
    made = json.dumps(document(session, first))
    assert not [name for name, _role in factories.EXECUTIVES if name in made]
    assert "@halden.example" not in made


def test_in_unattributed_mode_nobody_can_be_compared_with_themselves(
    session: Session, facilitator: Account
) -> None:
    made = document(session, two_rounds(session, facilitator, Confidentiality.UNATTRIBUTED))
    (change,) = made["tracking"]["changes"]  # type: ignore[index]
    assert (change["verdict"], change["pairs"]) == ("cannot tell", 0)


def test_joiners_and_leavers_are_called_by_name(session: Session, facilitator: Account) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    second = first.series.rounds[1]
    leaver = next(person for person in second.participants if person.name == "Anna Berg")
    leaver.name, leaver.identity, leaver.email = "Jo Ono", "jo@halden.example", "jo@halden.example"
    session.commit()
    (change,) = document(session, first)["tracking"]["changes"]  # type: ignore[index]
    assert (change["joined"], change["left"]) == (["Jo Ono"], ["Anna Berg"])


def test_two_people_with_one_name_stay_two(session: Session, facilitator: Account) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    for round_ in first.series.rounds:
        for person in round_.participants:
            if person.name == "Ben Okafor":
                person.name = "Anna Berg"
    session.commit()
    given = services.read_series(session, series=first.series)
    assert len(set(given.authors[0])) == 9


def test_a_round_with_too_few_answers_to_show_is_left_out_where_names_are_not_public(
    session: Session, facilitator: Account
) -> None:
    small = factories.closed_round(
        session,
        organisation_id=facilitator.organisation_id,
        texts=texts(APART[:4], "says"),
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    session.commit()
    assert services.read_series(session, series=small.series).rounds == ()


def test_the_newest_convergence_is_the_only_one_kept(session: Session, facilitator: Account) -> None:
    first = two_rounds(session, facilitator, Confidentiality.NAMED)
    for content in ("a", "b"):
        services.keep_convergence(
            session, series_id=first.series_id, input_hash=content * 64, document={"schema": content}
        )
    session.commit()
    assert [kept.document["schema"] for kept in session.query(services.Convergence)] == ["b"]
