"""The pages of an answer in a language that runs from right to left, on a phone."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.db import Database
from app.languages.pseudo import PSEUDO_LANGUAGES
from app.people.models import Account
from tests import factories
from tests.answering.every_kind import open_round_of_every_kind
from tests.browser.conftest import NewContext, check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def starts_on_the_right(page: Page, selector: str) -> bool:
    """Of two things side by side, the first stands on the right."""
    return bool(
        page.evaluate(
            """(selector) => {
              const [first, second] = [...document.querySelector(selector).children].map((e) => e.getBoundingClientRect());
              return first.left > second.left && Math.abs(first.top - second.top) < Math.max(first.height, second.height);
            }""",
            selector,
        )
    )


def test_the_way_of_an_answer_runs_from_right_to_left(
    app: Flask, database: Database, session: Session, facilitator: Account, new_context: NewContext
) -> None:
    app.extensions["ninefold_languages"] |= PSEUDO_LANGUAGES
    round_ = open_round_of_every_kind(session, organisation_id=facilitator.organisation_id)
    token, base = factories.personal_link(session, round_.participants[0]), f"/answer/{round_.id}"
    session.commit()
    context = new_context()
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("#language").select_option("ar-XB")
    page.locator(".language-switch button").click()
    page.goto(f"/r/{token}")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar-XB"
    check_accessible(page)
    page.locator("main button.button").click()

    page.wait_for_url(f"**{base}/1")
    assert starts_on_the_right(page, ".progress-words")
    # A bar fills from where reading begins.
    assert page.evaluate("getComputedStyle(document.querySelector('progress')).direction") == "rtl"
    page.locator("textarea").fill("شركة صغيرة")
    check_accessible(page)
    for position in (4, 5, 6):
        page.goto(f"{base}/{position}")
        if position == 4:
            assert starts_on_the_right(page, ".fork-step")
        if position == 5:
            assert starts_on_the_right(page, ".ranking-moves")
        check_accessible(page)
    page.goto(f"{base}/review")
    check_accessible(page)
