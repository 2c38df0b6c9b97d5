"""Links for named readers: nothing before the reveal, nothing that was not shown, an end, and a count that is true."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import utc_now
from app.exports.models import ReaderLink
from app.reports.models import ReportSection
from tests.exports.conftest import TEXTS, Built, sqlite
from tests.pages import Browser


def invite(
    browser: Browser, built: Built, name: str = "Berta Board", days: str = "14", status: int = 200
) -> str:
    """The path of a fresh link."""
    page = browser.get(f"/rounds/{built.round_id}/readers")
    key = page.one("input", name="key").get("value")
    made = browser.post(
        f"/rounds/{built.round_id}/readers", {"name": name, "days": days, "key": key}, status=status
    )
    found = re.search(r"/shared/[\w-]+", made.text)
    return found[0] if found else made.main


def links(session: Session) -> list[ReaderLink]:
    session.rollback()
    session.expire_all()
    found = list(session.scalars(select(ReaderLink).order_by(ReaderLink.id)))
    session.expunge_all()
    session.rollback()
    return found


def read(reader: Browser, path: str, status: int = 200) -> str:
    reader.get(path)
    return reader.follow(reader.post(path, status=303), status=status).main


def test_before_the_reveal_a_link_shows_nothing(
    facilitator_browser: Browser, browser: Browser, built: Built
) -> None:
    path = invite(facilitator_browser, built)
    said = read(browser, path)
    assert said.startswith("What is our strategy?")
    assert "Not yet" in said
    for hidden in (*TEXTS, built.view.analysis["headline"]["sentence"], "%"):
        assert hidden not in said


def test_a_reader_sees_the_sections_that_the_team_was_shown_and_no_others(
    facilitator_browser: Browser, browser: Browser, built: Built
) -> None:
    path = invite(facilitator_browser, built)
    built.reveal(ReportSection.ASKED, ReportSection.CAMPS)
    said = read(browser, path)
    assert "In your own words" in said
    assert all(text in said for text in TEXTS)
    assert "Intervals hold the truth" not in said
    assert built.view.analysis["headline"]["sentence"] not in said
    assert "What you expected" not in said
    built.reveal(ReportSection.NUMBER)
    assert built.view.analysis["headline"]["sentence"] in read(browser, path)


def test_only_the_hash_of_a_token_is_kept(
    facilitator_browser: Browser, built: Built, session: Session
) -> None:
    token = invite(facilitator_browser, built).rsplit("/", 1)[1]
    assert len(token) == 43
    (link,) = links(session)
    assert token not in repr(vars(link))
    assert len(link.token_hash) == 64


@sqlite
def test_opening_the_address_counts_nobody_and_pressing_the_button_does(
    facilitator_browser: Browser, browser: Browser, built: Built, session: Session
) -> None:
    path = invite(facilitator_browser, built)
    for _ in range(3):
        browser.get(path)
    assert links(session)[0].opened_count == 0
    read(browser, path)
    assert links(session)[0].opened_count == 1
    assert "Opened 1 time, last" in facilitator_browser.get(f"/rounds/{built.round_id}/readers").main


def test_the_form_sent_twice_is_one_link(
    facilitator_browser: Browser, built: Built, session: Session
) -> None:
    page = facilitator_browser.get(f"/rounds/{built.round_id}/readers")
    form = {"name": "Berta", "days": "3", "key": page.one("input", name="key").get("value")}
    texts = [
        facilitator_browser.post(f"/rounds/{built.round_id}/readers", form, status=200).text for _ in (1, 2)
    ]
    assert len({re.findall(r"/shared/[\w-]+", text)[0] for text in texts}) == 1
    assert len(links(session)) == 1


@sqlite
def test_an_ended_link_opens_nothing_at_once_even_where_it_was_open(
    facilitator_browser: Browser, browser: Browser, built: Built, session: Session
) -> None:
    built.reveal()
    path = invite(facilitator_browser, built)
    read(browser, path)
    (link,) = links(session)
    facilitator_browser.get(f"/rounds/{built.round_id}/readers")
    facilitator_browser.post(f"/rounds/{built.round_id}/readers/{link.id}/end", status=303)
    gone = browser.get(f"/shared-report/{link.id}", status=404)
    assert gone.main == browser.get(path, status=404).main
    assert gone.main == browser.get("/shared/" + "x" * 43, status=404).main
    assert "Ended by hand" in facilitator_browser.get(f"/rounds/{built.round_id}/readers").main


@sqlite
def test_a_link_ends_by_itself_after_its_days(
    facilitator_browser: Browser, browser: Browser, built: Built, session: Session
) -> None:
    built.reveal()
    path = invite(facilitator_browser, built, days="2")
    read(browser, path)
    number = links(session)[0].id
    with time_machine.travel(utc_now() + timedelta(days=2, minutes=1), tick=True):
        browser.get(path, status=404)
        browser.get(f"/shared-report/{number}", status=404)


@sqlite
def test_usual_links_last_fourteen_days(facilitator_browser: Browser, built: Built, session: Session) -> None:
    assert (
        facilitator_browser.get(f"/rounds/{built.round_id}/readers").one("input", name="days").get("value")
        == "14"
    )
    invite(facilitator_browser, built)
    (link,) = links(session)
    assert link.expires_at - link.created_at == timedelta(days=14)


@sqlite
@pytest.mark.parametrize(("name", "days"), [("", "14"), ("Berta", "0"), ("Berta", "400"), ("Berta", "soon")])
def test_a_link_without_a_name_or_an_end_is_not_made(
    facilitator_browser: Browser, built: Built, session: Session, name: str, days: str
) -> None:
    invite(facilitator_browser, built, name=name, days=days, status=422)
    assert links(session) == []


@sqlite
def test_one_readers_cookie_opens_no_other_link(
    facilitator_browser: Browser, browser: Browser, built: Built, session: Session
) -> None:
    built.reveal()
    first = invite(facilitator_browser, built)
    invite(facilitator_browser, built, name="Somebody else")
    read(browser, first)
    other = links(session)[1].id
    browser.get(f"/shared-report/{other}", status=404)


@sqlite
def test_guessing_is_slowed_down_and_a_real_reader_is_not(
    facilitator_browser: Browser, browser: Browser, built: Built
) -> None:
    path = invite(facilitator_browser, built)
    statuses = [browser.client.get("/shared/" + "x" * 43).status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]
    browser.get(path)


@sqlite
def test_what_a_reader_sees_is_kept_and_told_to_nobody(
    facilitator_browser: Browser, browser: Browser, built: Built
) -> None:
    built.reveal()
    path = invite(facilitator_browser, built)
    browser.get(path)
    page = browser.follow(browser.post(path, status=303))
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    assert page.one("meta", name="referrer").get("content") == "no-referrer"
    assert not [link for link in page.links if link.startswith("/rounds")]
    assert path.rsplit("/", 1)[1] not in page.text
