from __future__ import annotations

import re

import pytest
from flask import Flask

from app.db import utc_now
from app.exports.models import ReaderLink
from app.people.models import Account, Organisation
from app.web import HEADERS, session
from tests.pages import Browser


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/no-such-page", "/healthz", "/static/tokens.css", "/rounds/1"]
)
def test_every_answer_has_the_headers_that_protect_it(app: Flask, facilitator: Account, path: str) -> None:
    with app.test_client().get(path) as response:
        for name, value in HEADERS.items():
            assert response.headers[name] == value, name
        assert response.headers.get("X-XSS-Protection", "0") == "0"


def test_pages_are_not_kept_by_browsers_and_hashed_files_are(browser: Browser, facilitator: Account) -> None:
    page = browser.get("/sign-in")
    assert page.response.headers["Cache-Control"] == "no-store"
    (sheet,) = re.findall(r'href="(/static/tokens\.css\?v=[0-9a-f]+)"', page.text)
    assert "immutable" in browser.get(sheet).response.headers["Cache-Control"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000"])
def test_a_forged_host_is_refused(app: Flask, facilitator: Account, host: str) -> None:
    response = app.test_client().get("/sign-in", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)


def test_no_form_is_taken_without_its_token(app: Flask, facilitator: Account) -> None:
    client = app.test_client()
    # A mail program sends the one click of RFC 8058 and knows no token: docs/decisions/0013.
    tokenless = {"deliveries.stop_by_mail"}
    unsafe = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.methods and "POST" in rule.methods and rule.endpoint not in tokenless
    ]
    assert len(unsafe) > 15
    for rule in unsafe:
        values = {name: "invitation" if name == "kind" else "1" for name in rule.arguments}
        with app.test_request_context():
            path = rule.build(values)
        assert path is not None, rule
        response = client.post(path[1], data={"text": "typed"})
        assert response.status_code == 400, rule


def test_a_form_without_its_token_gives_back_what_was_typed(app: Flask, facilitator: Account) -> None:
    page = app.test_client().post(
        "/sign-in",
        data={"email": "mara@halden.example", "password": "my secret", "note": "two hours of thought"},
    )
    text = page.get_data(as_text=True)
    assert "two hours of thought" in text
    assert "my secret" not in text


def test_a_get_that_tries_to_write_fails(app: Flask, facilitator: Account) -> None:
    def write() -> str:
        session().add(Organisation(name="written by a GET"))
        session().flush()
        return "written"

    app.add_url_rule("/write", view_func=write)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/write").status_code in {500, 503}


def test_an_error_page_does_not_quote_the_error(app: Flask, facilitator: Account) -> None:
    def fail() -> str:
        raise ValueError("the canary sings")

    app.add_url_rule("/fail", view_func=fail)
    app.testing = False
    response = app.test_client().get("/fail")
    assert response.status_code == 500
    assert "canary" not in response.get_data(as_text=True)
    assert "<h1" in response.get_data(as_text=True)


def test_a_request_that_is_too_large_is_refused_in_words(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")
    page = browser.post("/sign-in", {"email": "x" * 300_000}, status=413)
    assert page.heading


def test_health_and_readiness_answer_strangers(browser: Browser, facilitator: Account) -> None:
    assert browser.get("/healthz").text == "ok\n"
    assert browser.get("/readyz").text == "ready\n"


@pytest.mark.parametrize("number", ["9" * 10, "9" * 20, "9" * 6_000])
def test_a_number_beyond_every_row_is_not_here(facilitator_browser: Browser, number: str) -> None:
    for path in (f"/rounds/{number}", f"/people/{number}", f"/answer/{number}/done"):
        facilitator_browser.get(path, status=404)


def test_two_who_write_the_same_at_once_lose_no_text(
    app: Flask, browser: Browser, facilitator: Account
) -> None:
    """The one who comes second finds the row there, against a rule of the schema."""

    def write() -> str:
        session().add(ReaderLink(round_id=1, name="", token_hash="1", created_by_id=1, expires_at=utc_now()))
        session().flush()
        return "written"

    app.add_url_rule("/write", view_func=write, methods=["POST"])
    browser.get("/sign-in")
    page = browser.post("/write", {"note": "two hours of thought, " * 4}, status=409)
    assert "two hours of thought" in page.text
