"""Showing the report to the team: at once, section by section, and nothing of it before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import utc_now
from app.evidence import services as evidence
from app.people.models import Account
from app.reports import queries
from app.reports.models import ReportSection
from app.reports.revealing import RevealRefused, reveal_report
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.evidence.conftest import TEXTS
from tests.pages import Browser
from tests.reports.conftest import Build
from tests.reports.test_report import built, path

ALL = [section.value for section in ReportSection]


@pytest.fixture
def round_(session: Session, facilitator: Account, build: Build) -> Round:
    found = session.get_one(Round, built(session, facilitator, build, TEXTS))
    session.commit()
    return found


def shown(session: Session, round_: Round) -> frozenset[ReportSection]:
    session.expire_all()
    found = queries.revealed_sections(session, round_=round_)
    session.commit()  # the test's own transaction must not stand in the way of the next request
    return found


def test_a_new_report_is_shown_to_nobody(
    facilitator_browser: Browser, session: Session, round_: Round
) -> None:
    assert shown(session, round_) == frozenset()
    assert "Not shown to the team yet" in facilitator_browser.get(path(round_.id)).main


def test_all_of_it_can_be_shown_at_once_and_the_log_says_by_whom(
    facilitator_browser: Browser, session: Session, round_: Round
) -> None:
    form = facilitator_browser.get(path(round_.id, "/reveal"))
    ticked = [
        box.get("value", "") for box in form.all("input", type="checkbox") if box.get("checked") is not None
    ]
    facilitator_browser.post(path(round_.id, "/reveal"), {"sections": ticked}, status=302)
    assert shown(session, round_) == frozenset(ReportSection)
    assert "Not shown" not in facilitator_browser.get(path(round_.id)).main
    assert "In numbers: Mara Lind," in facilitator_browser.get(path(round_.id, "/reveal")).main


def test_it_can_be_shown_section_by_section(
    facilitator_browser: Browser, session: Session, round_: Round
) -> None:
    facilitator_browser.get(path(round_.id, "/reveal"))
    facilitator_browser.post(path(round_.id, "/reveal"), {"sections": ["forks", "camps"]}, status=302)
    assert shown(session, round_) == {ReportSection.FORKS, ReportSection.CAMPS}
    first = round_.revealed_at
    assert first is not None
    session.commit()
    page = facilitator_browser.get(path(round_.id))
    assert "2 of 8 sections are shown to the team" in page.main
    assert page.main.count("Shown to the team") == 2
    facilitator_browser.get(path(round_.id, "/reveal"))
    facilitator_browser.post(path(round_.id, "/reveal"), {"sections": ["number"]}, status=302)
    assert ReportSection.NUMBER in shown(session, round_)
    assert round_.revealed_at == first


def test_no_tick_is_no_reveal(facilitator_browser: Browser, session: Session, round_: Round) -> None:
    facilitator_browser.get(path(round_.id, "/reveal"))
    page = facilitator_browser.post(path(round_.id, "/reveal"), {"sections": []}, status=422)
    assert "Tick at least one section." in page.main
    assert shown(session, round_) == frozenset()


def test_a_section_that_is_shown_already_keeps_its_first_line_in_the_log(
    session: Session, facilitator: Account, round_: Round
) -> None:
    earlier = utc_now()
    once = reveal_report(session, round_=round_, sections=[ReportSection.CAMPS], by=facilitator, now=earlier)
    again = reveal_report(session, round_=round_, sections=ReportSection, by=facilitator, now=utc_now())
    assert once == (ReportSection.CAMPS,)
    assert ReportSection.CAMPS not in again
    assert queries.list_reveals(session, round_id=round_.id)[0].revealed_at == earlier


def test_while_the_echo_check_is_open_nothing_can_be_shown(
    facilitator_browser: Browser, session: Session, facilitator: Account, round_: Round
) -> None:
    evidence.start_echo_check(session, round_=round_, closes_at=utc_now() + timedelta(days=2), now=utc_now())
    session.commit()
    assert "The echo check is open" in facilitator_browser.get(path(round_.id, "/reveal")).main
    facilitator_browser.post(path(round_.id, "/reveal"), {"sections": ALL})
    assert shown(session, round_) == frozenset()


def test_a_withheld_report_can_never_be_shown(session: Session, facilitator: Account, build: Build) -> None:
    round_id = built(session, facilitator, build, TEXTS[:4], Confidentiality.CONFIDENTIAL)
    with pytest.raises(RevealRefused, match="Too few"):
        reveal_report(
            session,
            round_=session.get_one(Round, round_id),
            sections=ReportSection,
            by=facilitator,
            now=utc_now(),
        )


def test_an_open_round_cannot_be_revealed_even_by_sql(session: Session, facilitator: Account) -> None:
    made = factories.open_round(session, organisation_id=facilitator.organisation_id)
    made.revealed_at = utc_now()
    with pytest.raises(DBAPIError, match="revealed_round_is_closed"):
        session.flush()


def test_before_the_reveal_nothing_of_the_report_is_on_the_pages_of_a_participant(
    browser: Browser, session: Session, round_: Round
) -> None:
    token = factories.personal_link(session, round_.participants[0])
    session.commit()
    pages = [browser.get(f"/r/{token}")]
    browser.post(f"/r/{token}", status=303)
    pages.append(browser.get(f"/answer/{round_.id}/done"))
    found = "".join(page.text for page in pages)
    assert round_.label in found
    assert not [
        words for words in ("three strategies", "pick any two", "Strategy 1", *TEXTS) if words in found
    ]
    # Nor behind the addresses of the facilitator.
    for end in ("", ".json", "/reveal", "/themes/1"):
        assert "/sign-in" in browser.get(path(round_.id, end), status=302).location
