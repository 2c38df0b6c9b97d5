from __future__ import annotations

import pytest
from flask import Flask

from app.people.models import Account
from tests.factories import PASSWORD
from tests.pages import Browser

NEW = "eleven paper boats upstream"


def test_account_page_shows_whose_it_is(facilitator_browser: Browser) -> None:
    page = facilitator_browser.get("/account")

    assert "mara@halden.example" in page.main
    assert "Halden Instruments" in page.main


def test_account_page_requires_sign_in(browser: Browser, facilitator: Account) -> None:
    assert browser.get("/account", status=302).location == "/sign-in?next=/account"


def test_new_password_signs_every_browser_out(app: Flask, facilitator: Account) -> None:
    here, elsewhere = Browser(app).sign_in(facilitator), Browser(app).sign_in(facilitator)
    here.get("/account")

    page = here.post("/account", {"current_password": PASSWORD, "new_password": NEW}, status=302)

    assert "every browser is signed out" in here.follow(page).main
    assert elsewhere.get("/", status=302).location == "/sign-in"
    Browser(app).sign_in(facilitator, password=NEW)


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong pass phrase here", NEW, "This is not your current password."),
        (PASSWORD, "short", "Use at least 15 characters; this has 5."),
        (PASSWORD, PASSWORD, "This is the password you have."),
        (PASSWORD, "mara.lind@halden.example", "little more than your names"),
        ("", "", "Write your current password."),
    ],
)
def test_password_stays_when_the_form_is_wrong(
    app: Flask, facilitator_browser: Browser, facilitator: Account, current: str, new: str, sentence: str
) -> None:
    facilitator_browser.get("/account")

    page = facilitator_browser.post(
        "/account", {"current_password": current, "new_password": new}, status=422
    )

    assert sentence in page.main
    Browser(app).sign_in(facilitator)


def test_current_password_cannot_be_guessed_without_end(facilitator_browser: Browser) -> None:
    facilitator_browser.get("/account")

    statuses = [
        facilitator_browser.post(
            "/account", {"current_password": f"guess number {number}", "new_password": NEW}
        ).status
        for number in range(12)
    ]

    assert statuses[-1] == 429
