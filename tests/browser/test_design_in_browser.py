"""A facilitator designs a round in Chromium: adds, edits, drags, and does the same by keyboard and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Question, Round
from tests import factories
from tests.browser.conftest import NewContext, check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture
def draft(session: Session, facilitator: Account) -> Round:
    made = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    return made


def sign_in(page: Page, account: Account) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", account.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Question.key).order_by(Question.position)))


def test_questions_are_added_edited_and_dragged_into_order(
    new_context: NewContext, facilitator: Account, draft: Round, database: Database
) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, facilitator)
    page.goto(f"/rounds/{draft.id}/questions/new/fork")
    page.get_by_label("The question", exact=True).fill("Grow or earn?")
    page.get_by_label("Left pole").fill("Grow")
    page.get_by_label("Right pole").fill("Earn")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("listitem").filter(has_text="Grow ↔ Earn")).to_be_visible()
    page.get_by_role("link", name="Edit question 3").click()
    page.get_by_label("Right pole").fill("Earn well")
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_text("Grow ↔ Earn well")).to_be_visible()

    third, first = page.locator("[data-drag]").nth(2), page.locator("[data-drag]").nth(0)
    third.scroll_into_view_if_needed()
    start, end = third.bounding_box(), first.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, start["y"] - 40, steps=4)
    page.mouse.move(end["x"] + 5, end["y"] - 20, steps=8)
    page.mouse.up()

    expect(page.get_by_text("The questions are in the new order.")).to_be_visible()
    assert keys(database) == ["own_fork", "strategy", "perception"]
    check_accessible(page)
    assert said == []


def test_questions_are_put_in_order_by_keyboard_on_a_phone_without_script(
    new_context: NewContext, facilitator: Account, draft: Round, database: Database
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, facilitator)
    page.goto(f"/rounds/{draft.id}/questions")
    expect(page.locator("[data-drag]").first).to_be_hidden()

    page.get_by_role("button", name="Down question 1").press("Enter")

    expect(page.get_by_text("is now question 2.")).to_be_visible()
    expect(page.get_by_role("button", name="Up question 2")).to_be_focused()
    assert keys(database) == ["perception", "strategy"]


def test_the_pages_of_designing_are_accessible_on_a_narrow_screen(
    new_context: NewContext, facilitator: Account, draft: Round
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    sign_in(page, facilitator)
    paths = ["questions", "library", "import", "template", "preview"]
    paths += [f"questions/new/{kind}" for kind in ("fork", "elements", "stage_choice")]
    for path in paths:
        page.goto(f"/rounds/{draft.id}/{path}")
        check_accessible(page)
