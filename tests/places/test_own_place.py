"""My answer and the team: shown after the reveal, section by section, and through a link alone only where names are."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import utc_now
from app.evidence import services as evidence
from app.people.models import Account
from app.reports import hand, queries
from app.reports.models import ReportSection
from app.reports.revealing import reveal_report
from app.surveys.models import Confidentiality, Participant
from tests import factories
from tests.evidence.conftest import TEXTS, Answered, answered_round
from tests.pages import Browser, Page
from tests.reports.conftest import Build, build, judge

__all__ = ["build", "judge"]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NAMED, CONFIDENTIAL, UNATTRIBUTED = Confidentiality


@pytest.fixture
def mode() -> Confidentiality:
    return Confidentiality.CONFIDENTIAL


@pytest.fixture
def team(app: Flask, session: Session, facilitator: Account, build: Build, mode: Confidentiality) -> Answered:
    made = answered_round(app, session, facilitator, mode, TEXTS)
    evidence._rebuild_report(session, round_id=made.round_id, because="test")
    session.commit()
    build()
    return made


def reveal(team: Answered, by: Account, *sections: ReportSection) -> None:
    team.session.expire_all()
    reveal_report(
        team.session, round_=team.round, sections=sections or tuple(ReportSection), by=by, now=utc_now()
    )
    team.session.commit()


def place(team: Answered, browser: Browser) -> Page:
    return browser.get(f"/answer/{team.round_id}/team")


def own_part(page: Page) -> str:
    """What stands above the report that everybody sees."""
    return page.main.partition("What was asked")[0]


def test_before_the_reveal_there_is_nothing(team: Answered) -> None:
    browser = team.own_browser(0)
    page = place(team, browser)
    assert page.heading == "Nothing is shown to the team yet"
    assert "My answer and the team" not in browser.get(f"/answer/{team.round_id}/done").text


def test_the_link_and_the_done_page_lead_to_it_after_the_reveal(team: Answered, facilitator: Account) -> None:
    reveal(team, facilitator)
    browser = team.own_browser(0)
    assert f"/answer/{team.round_id}/team" in browser.get(f"/answer/{team.round_id}/done").links
    assert "My answer and the team" in browser.get(team.link(0)).main
    page = browser.follow(browser.follow(browser.post(team.link(0), status=303), status=303))
    assert page.heading == "My answer and the team"


def test_own_place_tells_camp_forks_guess_and_nobody_elses_name(team: Answered, facilitator: Account) -> None:
    reveal(team, facilitator)
    page = place(team, team.own_browser(0))
    said = own_part(page)
    assert "with one other person" in said
    assert TEXTS[0] in said
    assert "Who they are is not told in this round." in said
    assert "60 %" in said
    assert not [name for name, _ in factories.EXECUTIVES[1:6] if name in page.text]


@pytest.mark.parametrize("mode", [CONFIDENTIAL, UNATTRIBUTED])
def test_a_link_alone_tells_nothing_of_the_answer(team: Answered, facilitator: Account) -> None:
    reveal(team, facilitator)
    own, other = place(team, team.own_browser(0)), place(team, team.other_browser(0))
    assert "Where you stand" in own.main
    said = own_part(other)
    assert "Your own place is not shown here" in said
    assert not [text for text in (*TEXTS, "Strategy 1", "Strategy 2", "Strategy 3", "60 %") if text in said]
    # Whoever holds the link reads what every other link shows, to the letter.
    assert (
        other.main.partition("What was asked")[2]
        == place(team, team.other_browser(3)).main.partition("What was asked")[2]
    )


@pytest.mark.parametrize("mode", [NAMED])
def test_with_names_the_link_is_enough_and_the_guess_stays_with_its_browser(
    team: Answered, facilitator: Account
) -> None:
    reveal(team, facilitator)
    said = own_part(place(team, team.other_browser(0)))
    assert "With you: Ben Okafor, CFO" in said
    assert "Your guess" not in said


def test_each_part_waits_for_its_section(team: Answered, facilitator: Account) -> None:
    browser = team.own_browser(0)
    reveal(team, facilitator, ReportSection.ASKED)
    said = place(team, browser).main
    assert "What was asked" in said
    assert not [
        title for title in ("Where you stand", "What you share", "Your guess", *TEXTS) if title in said
    ]
    reveal(team, facilitator, ReportSection.CAMPS)
    assert "Where you stand" in place(team, browser).main
    assert "Your guess" not in place(team, browser).main
    reveal(team, facilitator, ReportSection.PERCEPTION)
    assert "Your guess" in place(team, browser).main


def test_hidden_words_are_hidden_here_too_and_edits_show(
    team: Answered, facilitator: Account, session: Session
) -> None:
    reveal(team, facilitator)
    report = queries.find_latest_report(session, round_id=team.round_id)
    assert report is not None
    numbers = {statement["text"]: n for n, statement in enumerate(report.document["statements"])}
    making = hand.Making(session, team.round, report, "Because.", facilitator, utc_now())
    hand.hide_answer(making, answer=numbers[TEXTS[0]])
    hand.move_answer(making, answer=numbers[TEXTS[0]], to=None, is_own=True)
    session.commit()
    for person in (0, 1):
        page = place(team, team.own_browser(person))
        assert TEXTS[0] not in page.text
    assert ", alone." in own_part(place(team, team.own_browser(0)))
    assert "went to strategy 4" in own_part(place(team, team.own_browser(1)))


def test_who_did_not_answer_reads_what_the_team_was_shown(
    team: Answered, facilitator: Account, session: Session
) -> None:
    silent = factories.EXECUTIVES[6]
    person = Participant(
        round_id=team.round_id, name=silent[0], role=silent[1], identity="grace@halden.example"
    )
    session.add(person)
    session.flush()
    token = factories.personal_link(session, person)
    reveal(team, facilitator)
    browser = Browser(team.app)
    browser.get(f"/r/{token}")
    browser.post(f"/r/{token}", status=303)
    page = place(team, browser)
    assert "No answer of yours was recorded" in page.main
    assert "What was asked" in page.main


def test_it_is_for_people_with_a_link(team: Answered, facilitator: Account, browser: Browser) -> None:
    reveal(team, facilitator)
    browser.get(f"/answer/{team.round_id}/team", status=404)
