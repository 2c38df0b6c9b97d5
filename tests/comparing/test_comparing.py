"""Two rounds, and two groups of a round, side by side."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.evidence import services as evidence
from app.people.models import Account
from app.reports.models import Report
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.pages import Browser
from tests.reports.conftest import Build, build, judge

__all__ = ["build", "judge"]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIRST = [
    "North: hospitals.",
    "North: hospitals first.",
    "South: lowest price.",
    "South: price.",
    "East: robots.",
]
SECOND = [
    "North: hospitals.",
    "North: we serve hospitals.",
    "North: clinics.",
    "West: training.",
    "West: schools.",
]


def close(session: Session, account: Account, build: Build, texts: list[str], **options: object) -> Round:
    round_ = factories.closed_round(session, organisation_id=account.organisation_id, texts=texts, **options)
    evidence._rebuild_report(session, round_id=round_.id, because="test")
    session.commit()
    build()
    return round_


@pytest.fixture
def pair(session: Session, facilitator: Account, build: Build) -> tuple[Round, Round]:
    first = close(session, facilitator, build, FIRST)
    return first, close(session, facilitator, build, SECOND, series=first.series, label="Q2 2027")


def test_the_last_two_rounds_stand_side_by_side(
    facilitator_browser: Browser, pair: tuple[Round, Round]
) -> None:
    page = facilitator_browser.get(f"/series/{pair[0].series_id}/compare")
    assert "Q1 2027" in page.main
    assert "Q2 2027" in page.main
    assert "Strategies, as measured 3 2" in page.main
    assert "5 of 5 5 of 5" in page.main
    assert "East: robots." in page.main
    assert "West: training." in page.main
    assert "have not shown to the team" in page.main
    # "North" is a theme of both; the lowest price was one of the first alone, "West" of the second.
    themes = page.main.partition("Themes that stayed, went and came")[2]
    both, _, alone = themes.partition("In Q1 2027 only")
    gone, _, came = alone.partition("In Q2 2027 only")
    assert [words in part for words, part in (("North", both), ("price", gone), ("West", came))] == [True] * 3


def test_themes_of_rounds_that_are_not_neighbours_are_not_matched_unless_they_are_the_ends(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    pair: tuple[Round, Round],
) -> None:
    ids = [round_.id for round_ in pair]
    series = session.get_one(Round, ids[0]).series
    for label in ("Q3 2027", "Q4 2027"):
        ids.append(close(session, facilitator, build, SECOND, series=series, label=label).id)
    address = f"/series/{series.id}/compare?earlier={ids[0]}&later="
    session.commit()
    assert "were not matched" in facilitator_browser.get(f"{address}{ids[2]}").main
    assert "were not matched" not in facilitator_browser.get(f"{address}{ids[3]}").main


def test_time_goes_from_left_to_right_whichever_is_chosen_first(
    facilitator_browser: Browser, pair: tuple[Round, Round]
) -> None:
    first, second = pair
    address = f"/series/{first.series_id}/compare"
    assert (
        facilitator_browser.get(f"{address}?earlier={second.id}&later={first.id}").main
        == facilitator_browser.get(address).main
    )
    same = facilitator_browser.get(f"{address}?earlier={first.id}&later={first.id}")
    assert "Choose two different rounds" in same.main
    assert facilitator_browser.get(f"{address}?earlier=x&later=99").main


def test_scores_of_different_judges_are_never_set_side_by_side(
    facilitator_browser: Browser, session: Session, pair: tuple[Round, Round]
) -> None:
    report = session.scalars(select(Report).where(Report.round_id == pair[0].id)).one()
    report.document["analysis"]["method"]["fingerprint"] = "another"
    flag_modified(report, "document")
    session.commit()
    page = facilitator_browser.get(f"/series/{pair[0].series_id}/compare")
    assert "Read by different judges" in page.main
    assert not [
        words for words in ("Agreement ", "Strategies, as measured", "Effective") if words in page.main
    ]


def test_one_round_is_nothing_to_compare(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    only = close(session, facilitator, build, FIRST)
    withheld = close(
        session,
        facilitator,
        build,
        FIRST[:4],
        series=only.series,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    assert withheld.series_id == only.series_id
    assert "Nothing to compare yet" in facilitator_browser.get(f"/series/{only.series_id}/compare").main


GROUPS = ["North one.", "North two.", "North three.", "North four.", "North five.",
          "South one.", "South two.", "South three.", "South four."]  # fmt: skip


def with_functions(
    session: Session, account: Account, build: Build, mode: Confidentiality, functions: list[str]
) -> int:
    texts = [*GROUPS, "South five."]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(factories, "EXECUTIVES", (*factories.EXECUTIVES, ("Jon Sand", "Treasurer")))
        round_ = factories.closed_round(
            session, organisation_id=account.organisation_id, texts=texts, confidentiality=mode
        )
    for person, function in zip(round_.participants, functions, strict=True):
        person.function = function
    evidence._rebuild_report(session, round_id=round_.id, because="test")
    session.commit()
    build()
    return round_.id


def test_two_functions_stand_side_by_side_in_a_named_round(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = with_functions(
        session, facilitator, build, Confidentiality.NAMED, ["Sales"] * 5 + ["Finance"] * 5
    )
    page = facilitator_browser.get(f"/rounds/{round_id}/report/groups")
    assert "within Finance, 5 people" in page.main
    assert "further apart than chance explains" in page.main
    assert "Not by level" in page.main
    assert "Sales 5" in page.main or "Sales (5)" in page.main
    assert "Two groups side by side" in facilitator_browser.get(f"/rounds/{round_id}/report").main
    same = facilitator_browser.get(f"/rounds/{round_id}/report/groups?first=Sales&second=Sales")
    assert "Choose two different groups" in same.main


def test_too_small_a_rest_is_no_comparison(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = with_functions(
        session, facilitator, build, Confidentiality.NAMED, ["Sales"] * 6 + ["Finance"] * 4
    )
    page = facilitator_browser.get(f"/rounds/{round_id}/report/groups?by=function&first=Sales&second=Finance")
    assert "too few people would be left over" in page.main
    assert "within" not in page.main


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_without_names_no_group_is_ever_looked_at(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    mode: Confidentiality,
) -> None:
    round_id = with_functions(session, facilitator, build, mode, ["Sales"] * 5 + ["Finance"] * 5)
    page = facilitator_browser.get(f"/rounds/{round_id}/report/groups?by=function&first=Sales&second=Finance")
    assert "never sorts answers by role or function" in page.main
    assert "Sales" not in page.main
    assert "Two groups side by side" not in facilitator_browser.get(f"/rounds/{round_id}/report").main
