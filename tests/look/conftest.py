"""A running app with the style guide, a few pages of the tests' own, and headless Chromium."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, jsonify, render_template_string, request
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.config import Settings
from app.db import Database

POLLING = """
{% extends "base.html" %}
{% block title %}Polling{% endblock %}
{% block scripts %}{{ super() }}<script src="{{ static_url('vendor/htmx/htmx.min.js') }}" defer></script>{% endblock %}
{% block main %}<h1>Polling</h1>
<div id="news" hx-get="/test/fragment" hx-trigger="every 100ms" hx-swap="innerHTML"><p>nothing yet</p></div>
<div hx-get="/test/broken" hx-trigger="load"><p id="kept">still here</p></div>{% endblock %}
"""

MACROS = """
{% extends "respondent.html" %}
{% import "macros/time.html" as times %}
{% import "macros/copy.html" as copy %}
{% import "macros/definition.html" as definition %}
{% block title %}Macros{% endblock %}
{% block main %}<h1>Macros</h1>
<p id="moment">{{ times.moment(at) }}</p>
<p id="night">{{ times.moment(night) }}</p>
<details><summary>The others</summary><p id="behind-a-click">Another answer.</p></details>
<details class="figure-data"><summary>Table</summary><p id="behind-a-picture">Numbers.</p></details>
<p>{{ definition.term("agreement", "The chance that two people name the same strategy.", "term") }}</p>
{{ copy.copy_field("https://ninefold.example/r/abc", "Link", "link") }}{% endblock %}
"""

DRAFT = """
{% extends "respondent.html" %}
{% block title %}Draft{% endblock %}
{% block main %}<h1>Draft</h1>
<form method="post" action="/test/done" {% include "answering/_autosave.html" %} data-draft-url="/test/draft" data-draft-key="q1"
  {% if saved_at %}data-draft-saved-at="{{ saved_at }}"{% endif %}>
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<label for="answer">Answer</label><textarea id="answer" name="answer">{{ "\n" }}{{ saved }}</textarea>
<p data-draft-status role="status"></p>
<input type="checkbox" id="shared" name="shared" data-draft-shared><label for="shared">Shared</label>
<button>Next</button></form>{% endblock %}
"""

DONE = """
{% extends "respondent.html" %}
{% block title %}Done{% endblock %}
{% block main %}<h1>Done</h1>{% endblock %}
"""


def _test_pages() -> Blueprint:
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    pages = Blueprint("test", __name__, url_prefix="/test")
    counted = {"fragments": 0}

    @pages.get("/polling")
    def polling() -> str:
        return render_template_string(POLLING)

    @pages.get("/fragment")
    def fragment() -> str:
        counted["fragments"] += 1
        return f"<p>fragment {counted['fragments']}</p>"

    @pages.get("/broken")
    def broken() -> tuple[str, int]:
        return "<p>an error page</p>", 503

    @pages.get("/macros")
    def macros() -> str:
        at = datetime(2026, 12, 11, 17, 0, tzinfo=ZoneInfo("Europe/Berlin"))
        return render_template_string(MACROS, at=at, night=at + timedelta(hours=9))

    @pages.get("/draft")
    def draft_form() -> str:
        return render_template_string(
            DRAFT, saved=request.args.get("saved", ""), saved_at=request.args.get("saved_at")
        )

    @pages.post("/draft")
    def draft() -> object:
        return jsonify(saved_at="2026-12-11T19:03:00+00:00", answer=request.form["answer"])

    @pages.post("/done")
    def done() -> str:
        return render_template_string(DONE)

    return pages


@pytest.fixture(scope="module")
def look_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app as a developer runs it, with the pages above."""
    data = tmp_path_factory.mktemp("look")
    shutil.copyfile(sqlite_template, data / "ninefold.db")
    settings = Settings.from_environment({"NINEFOLD_DATA": str(data), "NINEFOLD_DEVELOPMENT": "true"})
    database = Database(settings.database_url)
    app = create_app(settings, database)
    app.register_blueprint(_test_pages())
    yield app
    database.dispose()


@pytest.fixture(scope="module")
def address(look_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, look_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: browser tests are never skipped in CI")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh window at the running app; every message of its console is kept in `page.said`."""
    context = chromium.new_context(
        base_url=address,
        locale="en-GB",
        timezone_id="America/New_York",
        viewport={"width": 1280, "height": 900},
    )
    opened = context.new_page()
    yield opened
    context.close()
