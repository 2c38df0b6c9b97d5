"""One click in a mail program stops the reminders of a round; opening the address changes nothing."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.db import Database
from app.deliveries.models import ReminderStop
from app.deliveries.stops import stop_key
from app.people.models import Account
from app.surveys.models import Round
from app.worker import Worker
from tests.answering.databases import bytes_of
from tests.deliveries.conftest import body_of
from tests.deliveries.servers import Post
from tests.deliveries.test_deliver import ask
from tests.pages import Browser

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def stopped(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(ReminderStop.participant_id)))


def stop_path(worker: Worker, database: Database, round_: Round, facilitator: Account, post: Post) -> str:
    """The address in the header of the first mail."""
    ask(database, round_, facilitator)
    worker.run_until_idle()
    (found,) = re.findall(r"<https?://[^/]+(/no-reminders/[^>]+)>", post.mails[0]["List-Unsubscribe"])
    assert found in body_of(post.mails[0])
    return str(found)


def test_one_click_stops_the_reminders_of_this_person_and_the_page_undoes_it(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    mailing_app: Flask,
    browser: Browser,
) -> None:
    path = stop_path(worker, database, round_, facilitator, post)

    before = bytes_of(database)
    for method in ("GET", "HEAD", "OPTIONS"):
        mailing_app.test_client().open(path, method=method, base_url="http://localhost")
    assert bytes_of(database) == before

    # As a mail provider sends it: no cookie, no token, no page before it.
    answer = mailing_app.test_client().post(path, data=ONE_CLICK, base_url="http://localhost")
    assert answer.status_code == 302
    address = str(post.mails[0]["To"])
    assert stopped(database) == [person.id for person in round_.participants if person.email in address]

    page = browser.get(path)
    assert "No more reminders of this round" in page.heading
    browser.post(f"{path}/undo", {}, status=302)
    assert stopped(database) == []


def test_a_post_without_the_words_of_the_standard_or_with_another_key_changes_nothing(
    app: Flask, database: Database, round_: Round, settings: Settings
) -> None:
    client = app.test_client()
    person, other = round_.participants[0].id, round_.participants[1].id
    key = stop_key(settings.secret_key, participant_id=person)
    mac = key.partition("-")[2]

    assert client.post(f"/no-reminders/{key}", data={}, base_url="http://localhost").status_code == 400
    for wrong in (
        f"{other}-{mac}",
        f"{person}-{mac[:-1]}",
        f"{person}-",
        f"{10**12}-{mac}",
        "x",
        f"{person}-é",
    ):
        answer = client.post(f"/no-reminders/{wrong}", data=ONE_CLICK, base_url="http://localhost")
        assert answer.status_code == 404
    assert stopped(database) == []


@pytest.mark.parametrize("path", ["/undo"])
def test_letting_reminders_come_again_takes_a_page_of_ours(
    app: Flask, round_: Round, settings: Settings, path: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    key = stop_key(settings.secret_key, participant_id=round_.participants[0].id)
    answer = app.test_client().post(f"/no-reminders/{key}{path}", base_url="http://localhost")
    assert answer.status_code == 400


def test_no_other_address_is_exempt(app: Flask) -> None:
    from app.web import csrf

    assert csrf._exempt_views == {"app.deliveries.stop_pages.stop_by_mail"}
    assert csrf._exempt_blueprints == set()
