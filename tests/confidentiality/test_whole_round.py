"""A whole Unattributed round of nine, by pages and mail; then somebody has the dump, the logs and every mail.

The attacker knows the order in which people answered (they watched the counter), every name, address and link, and the
server's whole database as SQL. They try to find out who wrote what.
"""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Confidentiality, Participant, Round, Sheet
from app.worker import Worker
from tests import factories
from tests.analysis.fakes import FirstWordJudge
from tests.answering.databases import rows_of
from tests.deliveries.conftest import body_of, link_in
from tests.deliveries.servers import Post
from tests.pages import Browser
from tests.postgresql import postgresql_binaries
from tests.surveys.conftest import hidden

# No two of them share a long word, so that a word of one is known for its author's.
WORDS = ("amber", "birch", "cedar", "dahlia", "elder", "fennel", "ginger", "hazel", "iris")
DRAFTED = "a sentence that was taken back"


def text_of(word: str) -> str:
    return f"{word.capitalize()} {word}wards is where we go, and {word}ness is what clinics pay for."


def answer(browser: Browser, round_id: int, link: str, text: str, *, first: str = "") -> None:
    """From the mail to the receipt, with something written first and taken back."""
    browser.get(link)
    page = browser.follow(browser.follow(browser.post(link, status=303), status=303))
    path = f"/answer/{round_id}"
    if first:
        browser.get(f"{path}/1")
        browser.post(f"{path}/1", {"answer": first}, status=303)
    browser.get(f"{path}/1")
    browser.post(f"{path}/1", {"answer": text}, status=303)
    browser.get(f"{path}/2")
    browser.follow(browser.post(f"{path}/2", {"answer": "70"}, status=303))
    page = browser.get(f"{path}/review")
    fields = {
        field.get("name", ""): field.get("value", "")
        for field in page.all("input", type="hidden")
        if field.get("name", "").startswith("answer-")
    }
    browser.follow(browser.post(f"{path}/review", fields, status=303))


def sql_dump(database: Database, folder: Path) -> str:
    if database.is_sqlite:
        copy = sqlite3.connect(str(make_url(database.url).database))
        return "\n".join(copy.iterdump())
    binaries = postgresql_binaries()
    assert binaries is not None
    found = [binaries / "pg_dump", (binaries / "initdb").resolve().parent / "pg_dump"]
    program = next(each for each in found if each.exists())
    url = database.url.replace("postgresql+psycopg://", "postgresql://")
    return subprocess.run([str(program), "--inserts", url], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def played(
    mara: Browser,
    mailing_app: Flask,
    worker: Worker,
    session: Session,
    database: Database,
    facilitator: Account,
    post: Post,
    judge: FirstWordJudge,
    capfd: pytest.CaptureFixture[str],
) -> dict[str, Any]:
    """The round, played to its report: {"round", "order": names as they answered, "said": name to text, "logs"}."""
    draft = factories.draft_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=Confidentiality.UNATTRIBUTED
    )
    session.commit()
    round_id = draft.id
    page = mara.get(f"/rounds/{round_id}/launch")
    mara.post(f"/rounds/{round_id}/launch", {"key": hidden(page, "key"), "then": "mail"}, status=302)
    page = mara.get(f"/rounds/{round_id}/mail/invitations")
    mara.post(f"/rounds/{round_id}/mail/invitations", {"count": hidden(page, "count")}, status=302)
    worker.run_until_idle()
    assert len(post.mails) == 9

    people = session.scalars(select(Participant).where(Participant.round_id == round_id)).all()
    names = {person.email: person.name for person in people}
    session.commit()
    order = sorted(names.values())
    random.Random(11).shuffle(order)
    said = {name: text_of(word) for name, word in zip(order, WORDS, strict=True)}
    links = {names[str(mail["To"].addresses[0].addr_spec)]: link_in(mail) for mail in post.mails}
    for place, name in enumerate(order):
        answer(
            Browser(mailing_app),
            round_id,
            links[name],
            said[name],
            first=f"{DRAFTED} {place}" if place % 2 else "",
        )
        mara.get(f"/rounds/{round_id}")
    mara.get(f"/rounds/{round_id}/close")
    mara.post(f"/rounds/{round_id}/close", status=302)
    worker.run_until_idle()
    assert "Too few" not in mara.get(f"/rounds/{round_id}/report").main
    logs = "".join(capfd.readouterr())
    return {"round": round_id, "order": order, "said": said, "logs": logs, "links": links, "names": names}


def test_somebody_with_the_dump_the_logs_and_the_mails_does_not_find_who_said_what(
    played: dict[str, Any], database: Database, session: Session, post: Post, tmp_path: Path
) -> None:
    dump = sql_dump(database, tmp_path)
    tables = rows_of(database)
    session.expire_all()
    sheets = session.scalars(select(Sheet).where(Sheet.round_id == played["round"])).all()
    ids, said = [sheet.id for sheet in sheets], list(played["said"].values())
    assert len(ids) == 9
    assert all(text in dump for text in said)

    who = {*played["names"], *played["names"].values()}
    secrets = [link.removeprefix("/r/") for link in played["links"].values()]

    # 1. What is near an answer: every row that holds a sheet's id or somebody's words. None of them knows a person.
    near = {
        name: [row for row in rows if any(key in repr(row) for key in (*ids, *said))]
        for name, rows in tables.items()
    }
    assert {name for name, rows in near.items() if rows} == {"sheets", "answers", "reports"}
    for name in ("sheets", "answers"):
        columns = [column.name for column in Sheet.metadata.tables[name].columns]
        assert not [column for column in columns if re.search(r"_at$|time|day|order|position", column)]
    for rows in near.values():
        assert not [word for word in (*who, *secrets) if word in repr(rows)]
    assert {sheet.participant_id for sheet in sheets} == {None}

    # 2. No value is both near a person and near an answer, but the small numbers that count rounds and questions.
    of_people = {
        str(value)
        for name in ("participants", "invitations", "deliveries", "jobs", "sign_ins")
        for row in tables[name]
        for value in row
    }
    of_answers = {str(value) for name in ("sheets", "answers") for row in tables[name] for value in row}
    assert {value for value in of_people & of_answers if len(value) > 2} <= {"None", "True", "unattributed"}

    # 3. Orders. The dump lists sheets by their random ids and people by their numbers, never as they answered.
    where = sorted(ids, key=dump.index)
    assert where == sorted(ids)
    listed = sorted(played["order"], key=dump.index)
    assert listed != played["order"]
    (report,) = tables["reports"]
    document = next(value for value in report if isinstance(value, dict) and "statements" in value)
    texts = {answer.value.get("text"): sheet.id for sheet in sheets for answer in sheet.answers}
    stands = [statement["text"] for statement in document["statements"]]
    assert stands != [played["said"][name] for name in played["order"]]
    assert stands != [played["said"][name] for name in listed]
    assert set(stands) == set(said) == {text for text in texts if text}

    # 4. Times: one count for the day, and nothing else that was written while people answered is left of them.
    assert sum(row[2] for row in tables["answer_days"]) == 9
    assert all(len(row) == 3 for row in tables["answer_days"])
    assert tables["question_times"] == []
    assert [row[1:] for row in tables["question_counts"]] == [(9, 9), (9, 9)]
    assert tables["drafts"] == []
    assert DRAFTED not in dump

    # 5. Jobs, logs and mails hold numbers of rows, and no words, ids or links of anybody.
    told = repr(tables["jobs"]) + played["logs"]
    assert not [word for word in (*said, *ids, *secrets, *who, *WORDS) if word in told]
    mails = "".join(
        body_of(mail, kind) + str(mail.items()) for mail in post.mails for kind in ("plain", "html")
    )
    assert not [word for word in (*said, *ids, *WORDS) if word in mails]
    # One mail each, all before the first answer: the list of mails says nothing of who came when.
    assert len(tables["deliveries"]) == 9

    # 6. Whether somebody has answered is all that is kept of a person, and all nine have.
    assert {person.state for person in session.scalars(select(Participant))} == {"submitted"}
    assert session.get_one(Round, played["round"]).state == "closed"


def test_the_files_of_the_database_keep_no_history_after_the_close(
    played: dict[str, Any], database: Database
) -> None:
    """SQLite's log holds each transaction's pages together: a sheet beside "has answered"."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's log is its operator's; SECURITY.md says so.")
    path = str(make_url(database.url).database)
    log = Path(f"{path}-wal")
    assert not log.exists() or log.stat().st_size == 0
    content = Path(path).read_bytes()
    assert DRAFTED.encode() not in content
    assert all(text.encode() in content for text in played["said"].values())
