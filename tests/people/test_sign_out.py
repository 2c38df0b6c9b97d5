from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.db import Database
from app.people.models import Account, SignIn
from tests.pages import Browser


def test_sign_out_deletes_the_sign_in_and_clears_the_browser(
    facilitator_browser: Browser, database: Database
) -> None:
    facilitator_browser.get("/")

    page = facilitator_browser.post("/sign-out", status=302)

    assert page.response.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert "You are signed out." in facilitator_browser.follow(page).main
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_copied_cookie_is_worth_nothing_after_sign_out(app: Flask, facilitator: Account) -> None:
    owner, thief = Browser(app), Browser(app)
    owner.sign_in(facilitator)
    cookie = owner.client.get_cookie("sid")
    assert cookie is not None
    thief.client.set_cookie("sid", cookie.value)
    assert thief.get("/").heading.endswith("Rounds")
    owner.get("/")

    owner.post("/sign-out", status=302)

    thief.client.set_cookie("sid", cookie.value)
    assert thief.get("/", status=302).location == "/sign-in"


def test_sign_out_leaves_what_belongs_to_the_respondent(facilitator_browser: Browser) -> None:
    facilitator_browser.get("/")
    with facilitator_browser.client.session_transaction() as cookie:
        cookie["respondent"] = {"1": {"link": "x", "secret": "y"}}

    page = facilitator_browser.post("/sign-out", status=302)

    assert "Clear-Site-Data" not in page.response.headers
    with facilitator_browser.client.session_transaction() as cookie:
        assert "respondent" in cookie
        assert "sign_in" not in cookie


def test_sign_out_by_a_link_does_not_work(facilitator_browser: Browser) -> None:
    facilitator_browser.get("/sign-out", status=405)

    facilitator_browser.get("/")


def test_sign_out_needs_the_token_of_a_form(facilitator_browser: Browser) -> None:
    response = facilitator_browser.client.post("/sign-out")

    assert response.status_code == 400
    facilitator_browser.get("/")
