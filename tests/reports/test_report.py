"""The page of the report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.evidence import services as evidence
from app.evidence.models import Verdict
from app.jobs.models import Job, JobState
from app.jobs.services import enqueue
from app.people.models import Account
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.evidence.conftest import TEXTS, Answered, answered_round
from tests.pages import Browser, Page
from tests.reports.conftest import Build

THIRTY = [
    f"{word} is what we stand for, in our part {k}."
    for k, word in enumerate(["Clinics", "Speed", "Price"] * 10)
]


@pytest.fixture
def answered(app: Flask, session: Session, facilitator: Account) -> Answered:
    return answered_round(app, session, facilitator, Confidentiality.NAMED, TEXTS)


def path(round_id: int, end: str = "") -> str:
    return f"/rounds/{round_id}/report{end}"


def built(
    session: Session,
    facilitator: Account,
    build: Build,
    texts: list[str],
    mode: Confidentiality = Confidentiality.NAMED,
) -> int:
    round_ = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=texts, confidentiality=mode
    )
    return _build(session, round_, build)


def _build(session: Session, round_: Round, build: Build) -> int:
    evidence._rebuild_report(session, round_id=round_.id, because="test")
    round_id = round_.id
    session.commit()
    build()
    return round_id


def sections(page: Page) -> list[str]:
    return ["".join(heading.itertext()) for heading in page.all("h2")]


# --- Reading ------------------------------------------------------------------------------------------------------


def test_the_report_says_in_one_sentence_how_many_strategies_there_are(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, TEXTS)))
    assert page.heading.startswith("Six executives, three strategies: pick any two")


def test_reasons_come_before_the_number_and_the_method_last(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, TEXTS)))
    assert sections(page) == [
        "What was asked, and who answered",
        "Where you part",
        "In your own words",
        "What you share",
        "Who says what",
        "What you expected",
        "In numbers",
        "What to do next",
        "How this was read",
    ]
    links = [
        link.get("href")
        for link in page.one("nav", **{"aria-label": "Sections of the report"}).findall(".//{*}a")
    ]
    assert links == [
        f"#{section}"
        for section in (
            "asked",
            "forks",
            "camps",
            "common-ground",
            "themes",
            "perception",
            "number",
            "next-steps",
        )
    ]


def test_every_answer_is_on_the_page_word_for_word(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    texts = [*TEXTS, "n/a", "Speed. <script>alert(1)</script> & more of it"]
    page = facilitator_browser.get(path(built(session, facilitator, build, texts)))
    assert not [text for text in texts if text not in page.main]


@pytest.mark.parametrize(
    ("texts", "heading"),
    [
        (["Clinics first, always and everywhere in Europe."], "One executive, one answer: too few to tell."),
        (TEXTS[:2], "Two executives, two answers: too few to tell."),
        ([TEXTS[0]] * 5, "Five executives, one strategy"),
        (["", "n/a", "🙂🙂"], "Three executives, and none of the answers could be read."),
        (
            [TEXTS[0], TEXTS[2], "الاستراتيجية هي خدمة المستشفيات فقط"],
            "Three executives, two answers that can be read",
        ),
    ],
    ids=["one", "two", "identical", "unreadable", "right to left"],
)
def test_few_and_odd_answers_are_read_without_a_made_up_number(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    texts: list[str],
    heading: str,
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, texts)))
    assert page.heading.startswith(heading)
    assert "None" not in page.main
    if "too few" in heading or "could be read" in heading:
        assert "In numbers" not in sections(page)


def test_thirty_answers_have_a_page(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [(f"P{k:02} Lind", f"Role {k:02}") for k in range(30)]
    monkeypatch.setattr("tests.factories.EXECUTIVES", people)
    page = facilitator_browser.get(path(built(session, facilitator, build, THIRTY)))
    assert "three strategies" in page.heading
    matrix = page.one("figure", id="belonging-figure").find(".//{*}table")
    assert matrix is not None
    assert len(matrix.findall(".//{*}tbody/{*}tr")) == 30


def test_a_long_answer_is_shown_whole(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    long = ("Clinics and labs in every country that we know. " * 420)[:20_000].strip()
    page = facilitator_browser.get(path(built(session, facilitator, build, [long, *TEXTS])))
    assert long in page.main


def test_what_could_not_be_read_is_said_with_its_reason(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, [*TEXTS, "n/a"])))
    assert "What could not be read" in sections(page)
    assert "It says that there is no answer." in page.main


def test_an_answer_that_is_hard_to_read_is_marked_so_among_its_camp(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    texts = [*TEXTS, "Riddle me this: we are the river and the bank."]
    page = facilitator_browser.get(path(built(session, facilitator, build, texts)))
    [remark] = page.all("p", class_="remark")
    assert "".join(remark.itertext()).startswith("Hard to read:")


def test_an_answer_without_a_strategy_agrees_with_nobody_and_is_shown_apart(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    texts = [*TEXTS, "Vague is the word for all that we want to be."]
    page = facilitator_browser.get(path(built(session, facilitator, build, texts)))
    assert "No strategy named" in ["".join(h.itertext()) for h in page.all("h3")]


# --- Who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_without_names_no_name_or_role_is_on_the_page_or_in_its_file(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    mode: Confidentiality,
) -> None:
    round_id = built(session, facilitator, build, TEXTS, mode)
    page = facilitator_browser.get(path(round_id)).text
    written = facilitator_browser.get(path(round_id, ".json")).text
    for name, role in factories.EXECUTIVES[: len(TEXTS)]:
        assert name not in page + written
        assert f">{role}<" not in page
        assert f'"{role}"' not in written


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_under_five_answers_without_names_nothing_is_shown(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    mode: Confidentiality,
) -> None:
    round_id = built(session, facilitator, build, TEXTS[:4], mode)
    shown = facilitator_browser.get(path(round_id))
    assert shown.heading == "Too few answers to show"
    written = facilitator_browser.get(path(round_id, ".json")).text
    assert not [text for text in TEXTS if text in shown.text + written]
    facilitator_browser.get(f"/rounds/{round_id}/answers", status=404)


def test_another_organisation_finds_no_report(
    outsider_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, TEXTS)
    outsider_browser.get("/")
    outsider_browser.get(path(round_id), status=404)
    outsider_browser.get(path(round_id, ".json"), status=404)
    outsider_browser.get(f"/rounds/{round_id}/answers", status=404)
    outsider_browser.post(path(round_id), status=404)


def test_without_a_sign_in_there_is_no_report(browser: Browser, answered: Answered) -> None:
    assert "/sign-in" in browser.get(path(answered.round_id), status=302).location


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        (Confidentiality.NAMED, 200),
        (Confidentiality.CONFIDENTIAL, 200),
        (Confidentiality.UNATTRIBUTED, 404),
    ],
)
def test_who_wrote_what_is_for_the_facilitator_where_the_mode_allows(
    facilitator_browser: Browser, session: Session, facilitator: Account, mode: Confidentiality, status: int
) -> None:
    round_ = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=TEXTS, confidentiality=mode
    )
    session.commit()
    facilitator_browser.get(f"/rounds/{round_.id}/answers", status=status)


def test_an_open_round_has_no_report_yet(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    assert facilitator_browser.get(path(round_.id), status=302).location == f"/rounds/{round_.id}"


# --- Building -----------------------------------------------------------------------------------------------------


def test_while_it_is_built_the_page_says_so_and_asks_again(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=TEXTS)
    evidence._rebuild_report(session, round_id=round_.id, because="test")
    round_id = round_.id
    session.commit()
    page = facilitator_browser.get(path(round_id))
    assert page.heading == "The report is being built"
    assert page.one("div", **{"hx-trigger": "every 2s"}).get("hx-get") == path(round_id)


def test_an_open_page_loads_itself_anew_when_the_report_is_there(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, TEXTS)
    answer = facilitator_browser.get(path(round_id), headers={"HX-Request": "true"})
    assert answer.response.headers["HX-Refresh"] == "true"


def test_a_failed_job_shows_its_reason_and_can_be_tried_again(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_ = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=TEXTS)
    job = enqueue(
        session, kind="build_report", key=f"build_report:{round_.id}:test", payload={"round_id": round_.id}
    )
    job.state, job.ended_at, job.error, job.attempts = (
        JobState.FAILED,
        utc_now(),
        "MemoryError at encode:7",
        3,
    )
    round_id = round_.id
    session.commit()
    page = facilitator_browser.get(path(round_id))
    assert "MemoryError at encode:7" in page.main
    facilitator_browser.post(path(round_id), status=302)
    build()
    assert "three strategies" in facilitator_browser.get(path(round_id)).heading


def test_trying_again_does_nothing_to_a_job_that_is_running(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=TEXTS)
    job = enqueue(
        session, kind="build_report", key=f"build_report:{round_.id}:test", payload={"round_id": round_.id}
    )
    job.state, job.leased_until = JobState.RUNNING, utc_now() + timedelta(minutes=1)
    round_id = round_.id
    session.commit()
    facilitator_browser.get(path(round_id))
    facilitator_browser.post(path(round_id), status=302)
    session.expire_all()
    assert session.scalars(select(Job)).one().state == JobState.RUNNING


# --- Evidence -----------------------------------------------------------------------------------------------------


def vote_all(answered: Answered, verdict: Verdict) -> None:
    answered.start()
    for voter in range(len(TEXTS)):
        for other in range(len(TEXTS)):
            if other != voter:
                answered.vote(voter, other, verdict)
    answered.end()


def test_both_readings_are_said_when_people_see_it_otherwise(
    facilitator_browser: Browser, answered: Answered, build: Build
) -> None:
    vote_all(answered, Verdict.SAME)
    build()
    page = facilitator_browser.get(path(answered.round_id))
    assert page.heading.startswith("Six executives, one strategy")
    assert "The judge reads three strategies; you, reading each other, find one." in page.main
    assert "6 of 6 people took part" in page.main


def test_the_method_card_lists_the_corrections_with_their_reasons(
    facilitator_browser: Browser, answered: Answered, facilitator: Account, build: Build
) -> None:
    evidence.correct_pair(
        answered.session,
        round_=answered.round,
        first_id=answered.sheets[0],
        second_id=answered.sheets[2],
        verdict=Verdict.OPPOSITE,
        reason="They said so <b>in the meeting</b>.",
        account=facilitator,
        now=utc_now(),
    )
    answered.session.commit()
    build()
    page = facilitator_browser.get(path(answered.round_id))
    assert "CEO and CRO: opposite strategies." in page.main
    assert "They said so <b>in the meeting</b>." in page.main
    assert "A correction counts as 5 votes" in page.main


def test_while_the_echo_check_is_open_the_report_says_so(
    facilitator_browser: Browser, answered: Answered, build: Build
) -> None:
    _build(answered.session, answered.round, build)
    answered.start()
    assert "The echo check is open" in facilitator_browser.get(path(answered.round_id)).main


def test_too_few_voters_leave_the_report_as_it_was_and_it_says_why(
    facilitator_browser: Browser, answered: Answered, build: Build
) -> None:
    answered.start()
    answered.vote(0, 2, Verdict.SAME)
    answered.end()
    build()
    page = facilitator_browser.get(path(answered.round_id))
    assert "Two readings" not in sections(page)
    assert "1 of 6 people took part. The votes are left out" in page.main


def test_a_report_of_before_there_was_evidence_still_has_its_page(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build, database: Database
) -> None:
    from app.reports.models import Report

    round_id = built(session, facilitator, build, TEXTS)
    with database.writing() as writing:
        report = writing.scalars(select(Report)).one()
        report.document = {
            key: value for key, value in report.document.items() if key not in {"machine", "evidence"}
        }
    assert "three strategies" in facilitator_browser.get(path(round_id)).heading


def test_a_hundred_answers_have_a_page_that_can_be_read(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [(f"P{k:03} Lind", f"Role {k:03}") for k in range(100)]
    monkeypatch.setattr("tests.factories.EXECUTIVES", people)
    texts = [f"Word{k % 20} is what we stand for. Speed counts in part {k}." for k in range(100)]
    page = facilitator_browser.get(path(built(session, facilitator, build, texts)))
    # Tables of people against people, and of people against themes, cannot be read: sentences say so.
    assert not page.all("table", class_="matrix")
    assert "A table of 100 people against each other cannot be read on a page" in page.main
    assert "picked by lot" in page.main
    # Beyond the largest camps the list is folded.
    assert len(page.one("ol", id="camp-list").findall("{*}li")) == 12
    assert "8 more strategies" in page.main
