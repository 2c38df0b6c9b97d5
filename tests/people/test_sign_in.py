from __future__ import annotations

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.db import utc_now
from app.people.models import Account
from tests import factories
from tests.pages import Browser, Page

WRONG = "not the pass phrase at all"
REFUSAL = "This mail address and this password do not belong together."
TOO_MANY = "There were too many tries to sign in. Wait 15 minutes, then try again."


def try_once(browser: Browser, email: str, password: str = WRONG, address: str = "192.0.2.1") -> Page:
    return browser.post(
        "/sign-in",
        {"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_sign_in_opens_the_rounds(browser: Browser, facilitator: Account) -> None:
    browser.sign_in(facilitator)

    assert "Halden Instruments" in browser.get("/").main


def test_sign_in_takes_the_address_in_any_case(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")

    page = try_once(browser, f"  {facilitator.email.upper()} ", factories.PASSWORD)

    assert page.status == 302


def test_unknown_address_and_wrong_password_read_alike(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")

    wrong = try_once(browser, facilitator.email)
    unknown = try_once(browser, "nobody@halden.example")

    assert (wrong.status, unknown.status) == (422, 422)
    assert REFUSAL in wrong.main
    assert wrong.main == unknown.main


def test_sign_in_keeps_the_address_and_never_the_password(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")

    page = try_once(browser, facilitator.email)

    assert page.one("input", name="email").get("value") == facilitator.email
    assert WRONG not in page.text


def test_sign_in_asks_for_what_is_missing(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")

    page = browser.post("/sign-in", {"email": "", "password": ""}, status=422)

    assert "Write your mail address." in page.main
    assert "Write your password." in page.main


def test_inactive_account_cannot_sign_in(browser: Browser, facilitator: Account, session: Session) -> None:
    facilitator.is_active = False
    session.commit()
    browser.get("/sign-in")

    assert REFUSAL in try_once(browser, facilitator.email, factories.PASSWORD).main


def test_sign_in_goes_on_to_the_page_that_was_asked_for(browser: Browser, facilitator: Account) -> None:
    asked = browser.get("/account", status=302)
    form = browser.follow(asked)

    page = browser.post(
        "/sign-in",
        {
            "email": facilitator.email,
            "password": factories.PASSWORD,
            "next": form.one("input", name="next").get("value", ""),
        },
    )

    assert page.location == "/account"


def test_sign_in_never_leads_to_another_site(browser: Browser, facilitator: Account, app: Flask) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\n/evil.example",
        "/a\\..\\evil",
        "account",
    ):
        fresh = Browser(app)
        fresh.get("/sign-in", query_string={"next": target})
        page = fresh.post(
            "/sign-in",
            {"email": facilitator.email, "password": factories.PASSWORD, "next": target},
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{len(target)}"},
        )
        if page.status == 302:  # the account's own bucket ends some of the later ones
            assert page.location == "/", target


def test_eleventh_try_from_one_address_is_refused(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")
    for number in range(10):
        assert try_once(browser, f"person{number}@halden.example").status == 422

    page = try_once(browser, facilitator.email, factories.PASSWORD)

    assert page.status == 429
    assert TOO_MANY in page.main


def test_eleventh_try_on_one_account_is_refused_from_anywhere(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")
    for number in range(10):
        assert try_once(browser, facilitator.email, address=f"192.0.2.{number}").status == 422

    page = try_once(browser, facilitator.email, factories.PASSWORD, address="198.51.100.7")

    assert page.status == 429


def test_one_address_cannot_lock_the_owner_out(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")
    for _ in range(40):
        try_once(browser, facilitator.email)

    page = try_once(browser, facilitator.email, factories.PASSWORD, address="198.51.100.7")

    assert page.status == 302


def test_success_gives_no_tries_back(browser: Browser, facilitator: Account, app: Flask) -> None:
    browser.get("/sign-in")
    for _ in range(9):
        try_once(browser, "nobody@halden.example")
    assert try_once(browser, facilitator.email, factories.PASSWORD).status == 302
    fresh = Browser(app)
    fresh.get("/sign-in")

    assert try_once(fresh, facilitator.email, factories.PASSWORD).status == 429


def test_signed_in_browser_goes_straight_on(facilitator_browser: Browser) -> None:
    assert facilitator_browser.get("/sign-in", status=302).location == "/"


def test_sign_in_puts_another_token_in_the_cookie(browser: Browser, facilitator: Account) -> None:
    browser.sign_in(facilitator)
    with browser.client.session_transaction() as cookie:
        first = cookie["sign_in"]
        del cookie["sign_in"]

    browser.sign_in(facilitator)

    with browser.client.session_transaction() as cookie:
        assert cookie["sign_in"] != first


def test_csrf_token_changes_at_sign_in(browser: Browser, facilitator: Account) -> None:
    before = browser.get("/sign-in")
    browser.sign_in(facilitator)

    page = Page(
        browser.client.post(
            "/account", data={"csrf_token": before.csrf_token, "current_password": "a", "new_password": "b"}
        )
    )

    assert page.status == 400


def test_sign_in_leaves_what_belongs_to_the_respondent(browser: Browser, facilitator: Account) -> None:
    browser.get("/sign-in")
    with browser.client.session_transaction() as cookie:
        cookie["respondent"] = {"1": {"link": "x", "secret": "y"}}

    browser.post("/sign-in", {"email": facilitator.email, "password": factories.PASSWORD}, status=302)

    with browser.client.session_transaction() as cookie:
        assert cookie["respondent"] == {"1": {"link": "x", "secret": "y"}}


def test_idle_browser_must_sign_in_again(facilitator_browser: Browser) -> None:
    with time_machine.travel(utc_now().timestamp() + 61 * 60, tick=True):
        page = facilitator_browser.get("/", status=302)

    assert page.location == "/sign-in"


def test_polling_does_not_keep_an_abandoned_browser_signed_in(facilitator_browser: Browser) -> None:
    start = utc_now().timestamp()
    with time_machine.travel(start + 40 * 60, tick=True):
        facilitator_browser.get("/", headers={"HX-Request": "true"})
    with time_machine.travel(start + 70 * 60, tick=True):
        page = facilitator_browser.get("/", status=302)

    assert page.location == "/sign-in"


def test_sign_in_ends_after_twelve_hours_of_use(facilitator_browser: Browser) -> None:
    start = utc_now().timestamp()
    for half_hours in range(1, 24):
        with time_machine.travel(start + half_hours * 30 * 60, tick=True):
            facilitator_browser.get("/")
    with time_machine.travel(start + 12 * 3600 + 60, tick=True):
        page = facilitator_browser.get("/", status=302)

    assert page.location == "/sign-in"
