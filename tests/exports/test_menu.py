"""The page that says what each file is for, and who may have the files."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session

from app.people.models import Account
from app.surveys.models import Confidentiality
from tests import factories
from tests.exports.conftest import TEXTS, Build, Built, make, sqlite
from tests.pages import Browser

FILES = ("/report.pdf", "/pack.pdf", "/report.pptx", "/report.xlsx", "/answers.csv", "/figures/map.svg")


@sqlite
def test_the_page_offers_every_file_and_each_of_them_is_there(
    facilitator_browser: Browser, built: Built
) -> None:
    page = facilitator_browser.get(built.path())
    offered = [link for link in page.links if link.startswith(built.path("/"))]
    assert {link.partition("?")[0].removeprefix(built.path()) for link in offered} >= set(FILES)
    for link in offered:
        if ".png" not in link and "pdf" not in link:  # these take longer, and have tests of their own
            answer = facilitator_browser.client.get(link)
            assert answer.status_code == 200, link
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Cache-Control"] == "no-store"


@sqlite
def test_a_figure_is_a_picture_a_drawing_and_a_table(facilitator_browser: Browser, built: Built) -> None:
    client = facilitator_browser.client
    assert client.get(built.path("/figures/belonging.png")).data.startswith(b"\x89PNG")
    drawing = client.get(built.path("/figures/map.svg")).get_data(as_text=True)
    assert drawing.startswith("<svg")
    assert "var(" not in drawing
    assert client.get(built.path("/figures/camps.csv")).data.startswith(b"\xef\xbb\xbfStrategy,People,Who")


@sqlite
@pytest.mark.parametrize(
    "end", ["/figures/nothing.png", "/figures/map.gif", "/figures/camps.svg", "/report.pdf?paper=A3"]
)
def test_what_there_is_not_is_not_here(facilitator_browser: Browser, built: Built, end: str) -> None:
    facilitator_browser.get(built.path(end), status=404)


@sqlite
def test_before_the_reveal_the_page_says_that_nobody_may_have_the_files(
    facilitator_browser: Browser, built: Built
) -> None:
    assert "The team has not seen this report yet" in facilitator_browser.get(built.path()).main
    built.reveal()
    assert "The team has not seen this report yet" not in facilitator_browser.get(built.path()).main


@sqlite
@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_under_five_answers_without_names_there_is_no_file(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build, mode: Confidentiality
) -> None:
    built = make(session, facilitator, build, TEXTS[:4], mode)
    assert "There is nothing to take away" in facilitator_browser.get(built.path()).main
    for end in FILES:
        facilitator_browser.get(built.path(end), status=404)


@sqlite
@pytest.mark.parametrize("texts", [["Clinics first."], TEXTS[:2], ["n/a", "", "🙂"], [TEXTS[0]] * 6])
def test_any_report_gives_every_file(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build, texts: list[str]
) -> None:
    built = make(session, facilitator, build, texts)
    for end in ("/report.pdf", "/pack.pdf", "/report.pptx", "/report.xlsx", "/answers.csv"):
        assert facilitator_browser.client.get(built.path(end)).status_code == 200, end


@sqlite
def test_a_round_without_a_report_has_nothing_to_take_away(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    facilitator_browser.get(f"/rounds/{round_.id}/exports", status=404)


@sqlite
def test_the_schema_is_there_for_everybody(browser: Browser) -> None:
    schema = json.loads(browser.get("/schemas/ninefold.report-1.json").text)
    assert schema["title"] == "A Ninefold report"
