"""The pages of a meeting, without a script."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl

from app.db import utc_now
from app.offsite import queries
from app.offsite.models import Meeting, Showing
from app.reports import queries as reports
from app.reports.models import ReportSection
from app.theses.models import ThesisVersion
from tests.offsite.conftest import Begin, Built, sqlite
from tests.pages import Browser

JSON = {"Accept": "application/json"}


def only_meeting(built: Built) -> Meeting:
    built.session.expire_all()
    (found,) = queries.list_meetings(built.session, round_id=built.round_id)
    built.session.commit()
    return found


@sqlite
def test_the_report_and_the_round_lead_to_the_meeting(facilitator_browser: Browser, built: Built) -> None:
    for page in (f"/rounds/{built.round_id}", f"/rounds/{built.round_id}/report"):
        assert f"/rounds/{built.round_id}/meetings" in facilitator_browser.get(page).links


@sqlite
def test_opening_the_meeting_asks_how_and_shows_the_report_only_then(
    facilitator_browser: Browser, built: Built
) -> None:
    path = f"/rounds/{built.round_id}/meetings"
    page = facilitator_browser.get(path)
    assert "show the team the whole report now" in page.main
    assert "Rehearse alone" in page.main
    assert reports.revealed_sections(built.session, round_=built.round) == frozenset()
    built.session.commit()

    assert "Choose how you begin." in facilitator_browser.post(path, {}, status=422).main
    began = facilitator_browser.post(path, {"showing": "at_once"}, status=303)

    assert began.location == f"/meetings/{only_meeting(built).id}/slides/cover"
    assert ReportSection.NUMBER in reports.revealed_sections(built.session, round_=built.round)
    built.session.commit()
    again = facilitator_browser.get(path)
    assert "Begin the meeting" in again.main
    assert "whole report now" not in again.main


@sqlite
def test_a_meeting_is_run_from_cover_to_draft_by_buttons_alone(
    facilitator_browser: Browser, built: Built
) -> None:
    browser = facilitator_browser
    browser.get(f"/rounds/{built.round_id}/meetings")
    browser.post(f"/rounds/{built.round_id}/meetings", {"showing": "as_it_goes"}, status=303)
    at = f"/meetings/{only_meeting(built).id}"

    page = browser.get(f"{at}/slides/cover")
    seen = []
    while True:
        (here,) = [s for s in page.all("section", class_="slide") if s.get("hidden") is None]
        seen.append(here.get("data-slide"))
        (going,) = [form for form in page.all("form") if form.get("data-go") == "next"]
        to = next(f.get("value", "") for f in going.iter() if f.get("name") == "slide")
        if not to:
            break
        page = browser.follow(browser.post(f"{at}/slide", {"slide": to, "kind": "slide"}, status=303))
    assert seen[0] == "cover"
    assert seen[-1] == "next"
    assert "fork-1" in seen
    assert {ReportSection.FORKS, ReportSection.NUMBER} < reports.revealed_sections(
        built.session, round_=built.round
    )
    built.session.commit()

    page = browser.post(
        f"{at}/words",
        {"only": "supplier", "whose": "service never sleeps", "for_whom": "wards", "not_doing": "labs"},
        status=303,
    )
    draft = browser.follow(page)
    text = "".join(draft.one("textarea", name="text").itertext())
    assert "The only supplier whose service never sleeps." in text
    assert "We choose not to: labs" in text
    assert built.session.query(ThesisVersion).count() == 0
    built.session.commit()
    browser.post(f"/series/{built.round.series_id}/thesis", {"text": text, "based_on": "0"}, status=302)
    assert built.session.query(ThesisVersion).count() == 1


@sqlite
def test_hands_are_refused_with_a_reason_and_shown_in_the_report_and_its_files(
    facilitator_browser: Browser, built: Built, begin: Begin
) -> None:
    browser, at = facilitator_browser, f"/meetings/{begin().id}"
    browser.get(f"{at}/presenter/fork-1")
    path = f"{at}/forks/1/hands"

    wrong = browser.post(path, {"fork1-left": "four", "fork1-right": "2", "kind": "presenter"}, status=422)
    assert "Notes" in wrong.heading
    assert 'value="four"' in wrong.text
    hands = {"fork1-left": "3", "fork1-right": "2", "fork1-undecided": "1", "fork1-based_on": "0"}
    kept = browser.post(path, hands | {"kind": "presenter"}, status=303)
    assert kept.location == f"{at}/presenter/fork-1"

    other = browser.post(path, hands | {"fork1-left": "5"}, status=409)
    assert "3 left, 2 right, 1 undecided" in other.text
    assert 'value="5"' in other.text

    report = browser.get(f"/rounds/{built.round_id}/report")
    assert "3 for the left, 2 for the right, 1 undecided." in report.main
    book = openpyxl.load_workbook(io.BytesIO(browser.client.get(built.path("/report.xlsx")).data))
    rows = [tuple(cell.value for cell in row) for sheet in book for row in sheet.iter_rows()]
    assert any(row[-3:] == (3, 2, 1) or row[2:5] == (3, 2, 1) for row in rows)


@sqlite
def test_a_script_gets_the_state_and_the_reasons(
    facilitator_browser: Browser, built: Built, begin: Begin
) -> None:
    browser, at = facilitator_browser, f"/meetings/{begin(Showing.REHEARSAL).id}"
    browser.get(f"{at}/slides/cover")

    moved = browser.post(f"{at}/slide", {"slide": "fork-1"}, headers=JSON, status=200).response.json
    assert moved is not None
    assert moved["slide"] == "fork-1"
    assert moved["changes"] == 1
    browser.post(f"{at}/slide", {"slide": "nowhere"}, headers=JSON, status=404)
    browser.post(f"{at}/clock", {"step": "nothing"}, headers=JSON, status=404)
    browser.post(f"{at}/clock", {"step": "silent", "spent": "5", "is_running": "1"}, headers=JSON, status=200)
    wrong = browser.post(f"{at}/forks/1/hands", {"fork1-left": "-1"}, headers=JSON, status=422).response.json
    assert wrong is not None
    assert wrong["errors"]
    state = browser.get(f"{at}/state").response.json
    assert state is not None
    assert state["clock"]["step"] == "silent"
    assert state["clock"]["spent"] >= 5
    assert state["hands"]["1"]["left"] is None
    assert reports.revealed_sections(built.session, round_=built.round) == frozenset()


@sqlite
def test_a_slide_that_is_not_there_is_not_found(facilitator_browser: Browser, begin: Begin) -> None:
    at = f"/meetings/{begin().id}"
    facilitator_browser.get(f"{at}/slides/fork-7", status=404)
    facilitator_browser.get(f"{at}/presenter/nowhere", status=404)


@sqlite
def test_a_projector_stays_signed_in_while_the_meeting_goes_on_and_no_longer(
    facilitator_browser: Browser, built: Built, begin: Begin
) -> None:
    browser, meeting = facilitator_browser, begin(Showing.REHEARSAL)
    at = f"/meetings/{meeting.id}/state"

    def ask_after_59_minutes() -> int:
        with browser.client.session_transaction() as cookie:
            cookie["seen"] = before = int(utc_now().timestamp()) - 59 * 60
        browser.get(at, headers={"HX-Request": "true"})
        with browser.client.session_transaction() as cookie:
            return int(cookie["seen"]) - before

    assert ask_after_59_minutes() > 58 * 60

    meeting.changed_at = utc_now() - timedelta(minutes=61)
    built.session.commit()
    assert ask_after_59_minutes() == 0
