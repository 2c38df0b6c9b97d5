"""Answers and tokens reach no log, whatever goes wrong."""

from __future__ import annotations

import logging
import secrets

import pytest
import structlog
from flask import Flask, request
from sqlalchemy import text

from app.db import Database
from app.logs import configure_logs
from tests.answering.conftest import Asked, answer, begin, write
from tests.pages import Browser

CANARY = "canary-strategy-83172"
GUESS = "97"


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> object:
    """Everything that was logged or printed so far."""

    def read() -> str:
        captured = capfd.readouterr()
        return caplog.text + captured.out + captured.err

    return read


def check(found: str, asked: Asked) -> None:
    assert "request" in found
    for secret in (CANARY, asked.token, asked.token[:20]):
        assert secret not in found


def test_whole_walk_leaves_no_trace_in_the_logs(browser: Browser, asked: Asked, logs) -> None:  # type: ignore[no-untyped-def]
    answer(browser, asked, text=CANARY, guess=GUESS)
    browser.get(asked.path("1"))
    browser.post(asked.path("1/draft"), {"answer": CANARY})
    browser.post(asked.path("1"), {"answer": CANARY, "csrf_token": "stale"})
    browser.get(f"/r/{asked.token}x", status=404)

    check(logs(), asked)


@pytest.mark.parametrize("table", ["answers", "drafts", "sheets"])
def test_database_that_fails_leaves_no_trace_in_the_logs(
    app: Flask,
    browser: Browser,
    asked: Asked,
    database: Database,
    logs,  # type: ignore[no-untyped-def]
    table: str,
) -> None:
    begin(browser, asked)
    write(browser, asked, text=CANARY)
    app.testing = False
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO gone"))

    page = browser.client.post(
        asked.path("review"), data={"csrf_token": browser._token, "answer-1": CANARY, "answer-2": GUESS}
    )
    draft = browser.client.post(
        asked.path("1/draft"), data={"csrf_token": browser._token, "answer": CANARY * 30}
    )

    assert page.status_code in {500, 503}
    assert draft.status_code in {303, 500, 503}
    check(logs(), asked)


def test_bug_of_ours_leaves_no_trace_in_the_logs(
    app: Flask,
    browser: Browser,
    asked: Asked,
    logs,  # type: ignore[no-untyped-def]
) -> None:
    @app.before_request
    def _break() -> None:
        if request.form.get("answer"):
            raise RuntimeError(f"{request.form['answer']} {asked.token}")

    app.testing = False
    begin(browser, asked)

    page = browser.client.post(asked.path("1"), data={"csrf_token": browser._token, "answer": CANARY})

    assert page.status_code == 500
    found = logs()
    assert "unexpected RuntimeError" in found
    check(found, asked)


def test_log_lines_of_production_hold_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    token = secrets.token_urlsafe(32)
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logs()
        logging.getLogger("somebody").warning("GET /r/%s failed", token)
        structlog.get_logger("somebody").info("request", path=f"/r/{token}")
    finally:
        # The settings hold this test's stderr, which is closed after it.
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)

    said = capsys.readouterr().err
    assert said.count("[redacted]") == 2
    assert token not in said
