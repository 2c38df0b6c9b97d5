from __future__ import annotations

import csv
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.surveys.links import new_key
from app.surveys.models import Confidentiality, Invitation, Round
from tests import factories
from tests.pages import Browser
from tests.surveys.conftest import Look, hidden, launch, links_on, live_links

BASE = "http://127.0.0.1:8000"


def test_launch_page_says_what_will_happen_and_changes_nothing(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/launch")

    assert "9 personal links are made" in page.main
    assert "From now on nobody can change who sees what" in page.main
    assert "Everyone who reads the report sees who said what." in page.main
    assert look(draft.id).state == "draft"


def test_launch_opens_the_round_and_shows_a_link_for_each_person(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    _key, page = launch(facilitator_browser, draft.id)

    links = links_on(page)
    round_ = look(draft.id)
    assert round_.state == "open"
    assert len(set(links)) == 9
    assert all(link.startswith(f"{BASE}/r/") and len(link) == len(f"{BASE}/r/") + 43 for link in links)
    assert page.text.count("QR code of the link of") == 9
    assert all(len(live_links(person)) == 1 for person in round_.participants)


def test_each_link_opens_its_own_persons_page(
    facilitator_browser: Browser, draft: Round, browser: Browser
) -> None:
    _key, page = launch(facilitator_browser, draft.id)

    for link, person in zip(links_on(page), draft.participants, strict=True):
        assert person.name in browser.get(link.removeprefix(BASE)).main


def test_database_keeps_only_the_hash_of_a_link(
    facilitator_browser: Browser, draft: Round, database: Database
) -> None:
    key, page = launch(facilitator_browser, draft.id)

    tokens = [link.rpartition("/")[2] for link in links_on(page)]
    with database.reading() as session:
        stored = set(session.scalars(select(Invitation.token_hash)))
    assert stored == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    assert key not in stored


def test_second_click_shows_the_same_links(facilitator_browser: Browser, draft: Round, look: Look) -> None:
    key, first = launch(facilitator_browser, draft.id)

    again = facilitator_browser.post(f"/rounds/{draft.id}/launch", {"key": key}, status=200)

    assert links_on(again) == links_on(first)
    assert all(len(person.invitations) == 1 for person in look(draft.id).participants)


def test_clicks_at_the_same_moment_show_the_same_links(
    app: Flask, facilitator: Account, draft: Round, look: Look
) -> None:
    browsers = [Browser(app).sign_in(facilitator) for _ in range(3)]
    key = new_key()
    for browser in browsers:
        browser.get(f"/rounds/{draft.id}/launch")

    with ThreadPoolExecutor(3) as pool:
        pages = list(
            pool.map(lambda browser: browser.post(f"/rounds/{draft.id}/launch", {"key": key}), browsers)
        )

    assert [page.status for page in pages] == [200, 200, 200]
    assert links_on(pages[0]) == links_on(pages[1]) == links_on(pages[2])
    assert all(len(person.invitations) == 1 for person in look(draft.id).participants)


def test_launch_from_another_page_shows_no_links_and_says_why(
    facilitator_browser: Browser, draft: Round
) -> None:
    launch(facilitator_browser, draft.id)

    page = facilitator_browser.post(f"/rounds/{draft.id}/launch", {"key": new_key()}, status=302)

    assert "its links are out" in facilitator_browser.follow(page).main


@pytest.mark.parametrize("key", ["", "short", "x" * 43 + "!", "é" * 43])
def test_launch_with_a_bad_key_opens_nothing(
    facilitator_browser: Browser, draft: Round, look: Look, key: str
) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/launch")

    page = facilitator_browser.post(f"/rounds/{draft.id}/launch", {"key": key}, status=302)

    assert "no link was made" in facilitator_browser.follow(page).main
    assert look(draft.id).state == "draft"


def test_round_without_people_or_with_a_past_closing_time_is_not_launched(
    facilitator_browser: Browser, session: Session, facilitator: Account, look: Look
) -> None:
    empty = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=0)
    late = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    late.closes_at = utc_now() - timedelta(minutes=1)
    session.commit()
    facilitator_browser.get("/account")

    for round_ in (empty, late):
        facilitator_browser.get(f"/rounds/{round_.id}/launch", status=302)
        facilitator_browser.get("/account")
        facilitator_browser.post(f"/rounds/{round_.id}/launch", {"key": new_key()}, status=302)
        assert look(round_.id).state == "draft"


def test_launch_requires_sign_in(browser: Browser, draft: Round, look: Look) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/launch", status=302).location or "")
    browser.get("/sign-in")

    browser.post(f"/rounds/{draft.id}/launch", {"key": new_key()}, status=302)

    assert look(draft.id).state == "draft"


def test_launch_refuses_outsider(outsider_browser: Browser, draft: Round, look: Look) -> None:
    outsider_browser.get("/account")

    outsider_browser.post(f"/rounds/{draft.id}/launch", {"key": new_key()}, status=404)

    assert look(draft.id).state == "draft"


def test_launch_of_an_unattributed_round_says_that_the_list_is_final(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.draft_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=Confidentiality.UNATTRIBUTED
    )
    session.commit()

    assert "The list of people is final" in facilitator_browser.get(f"/rounds/{round_.id}/launch").main


# --- The file for a mail merge --------------------------------------------------------------------------------------


def rows(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def test_links_can_be_downloaded_from_the_page_that_shows_them(
    facilitator_browser: Browser, draft: Round
) -> None:
    _key, page = launch(facilitator_browser, draft.id)

    file = facilitator_browser.post(
        f"/rounds/{draft.id}/links.csv", {"key": hidden(page, "key"), "participant": ""}, status=200
    )

    assert file.response.headers["Content-Disposition"] == 'attachment; filename="links-q1-2027.csv"'
    assert file.response.data.startswith(b"\xef\xbb\xbf")
    assert [row["link"] for row in rows(file.text)] == links_on(page)
    assert rows(file.text)[0]["name"] == "Anna Berg"


def test_replaced_links_are_not_in_the_file(facilitator_browser: Browser, draft: Round) -> None:
    key, _page = launch(facilitator_browser, draft.id)
    anna = draft.participants[0]
    facilitator_browser.get(f"/rounds/{draft.id}/participants")
    facilitator_browser.post(
        f"/rounds/{draft.id}/participants/{anna.id}/link", {"key": new_key()}, status=200
    )

    file = facilitator_browser.post(f"/rounds/{draft.id}/links.csv", {"key": key}, status=200)

    assert "Anna Berg" not in {row["name"] for row in rows(file.text)}
    assert len(rows(file.text)) == 8


@pytest.mark.parametrize("key", ["", "nonsense", "x" * 43])
def test_no_file_without_the_key_of_the_links(facilitator_browser: Browser, draft: Round, key: str) -> None:
    launch(facilitator_browser, draft.id)

    page = facilitator_browser.post(f"/rounds/{draft.id}/links.csv", {"key": key}, status=302)

    assert "nothing to download" in facilitator_browser.follow(page).main


def test_links_csv_refuses_outsider(
    facilitator_browser: Browser, outsider_browser: Browser, draft: Round
) -> None:
    key, _page = launch(facilitator_browser, draft.id)
    outsider_browser.get("/account")

    outsider_browser.post(f"/rounds/{draft.id}/links.csv", {"key": key}, status=404)


def test_links_csv_requires_sign_in(browser: Browser, facilitator_browser: Browser, draft: Round) -> None:
    key, _page = launch(facilitator_browser, draft.id)
    browser.get("/sign-in")

    page = browser.post(f"/rounds/{draft.id}/links.csv", {"key": key}, status=302)

    assert "/sign-in" in (page.location or "")
