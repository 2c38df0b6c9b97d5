"""An executive answers in Chromium: on a phone, by keyboard alone, without script, and after a closed tab."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Answer, Confidentiality, Draft
from tests import factories
from tests.browser.conftest import NewContext, check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

STRATEGY = (
    "We win clinics that cannot afford a day without their analyser, and leave big hospitals to others."
)


@dataclass(frozen=True)
class Asked:
    database: Database
    round_id: int
    link: str

    def kept(self, table: type[Answer] | type[Draft]) -> list[str]:
        """The texts that the database holds."""
        with self.database.reading() as session:
            values = [row.value for row in session.scalars(select(table))]
        return [str(value.get("text", value.get("typed", value.get("percent")))) for value in values]


@pytest.fixture
def asked(database: Database, session: Session, facilitator: Account) -> Asked:
    round_ = factories.open_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=Confidentiality.CONFIDENTIAL
    )
    token = factories.personal_link(session, round_.participants[0])
    session.commit()
    return Asked(database, round_.id, f"/r/{token}")


def press_through_to(page: Page, words: str) -> None:
    """Tab until the control with these words has the focus, as somebody without a mouse does."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement; return [e.innerText, e.name, e.id].join('|'); }"
        )
        if words in focused:
            return
    raise AssertionError(f"Tab never reached {words!r}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_and_keyboard_alone_are_enough(new_context: NewContext, asked: Asked, scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(asked.link)
    check_accessible(page)

    press_through_to(page, "Begin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 2")
    check_accessible(page)
    press_through_to(page, "answer")
    page.keyboard.type(STRATEGY)
    press_through_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 2")
    check_accessible(page)
    press_through_to(page, "answer")
    page.keyboard.type("70 %")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Read it once more")
    check_accessible(page)
    press_through_to(page, "Send my answer")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answer is recorded.")
    check_accessible(page)
    assert sorted(asked.kept(Answer)) == ["70", STRATEGY]


def test_everything_works_without_script(new_context: NewContext, asked: Asked) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(asked.link)

    page.get_by_role("button", name="Begin").click()
    page.get_by_label("what is our strategy?").fill(STRATEGY)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("what is our strategy?")).to_have_value(STRATEGY)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").fill("70")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Send my answer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answer is recorded.")
    assert sorted(asked.kept(Answer)) == ["70", STRATEGY]


def test_error_names_the_field_and_takes_the_focus(new_context: NewContext, asked: Asked) -> None:
    page = new_context().new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()

    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Please write an answer").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    check_accessible(page)


def test_refused_text_is_saved_all_the_same(new_context: NewContext, asked: Asked) -> None:
    page = new_context().new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()
    page.goto(f"/answer/{asked.round_id}/2")
    page.get_by_role("textbox").fill("seventy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write a whole number")

    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Saved"), timeout=6_000)
    assert asked.kept(Draft) == ["seventy"]


def test_closed_tab_loses_nothing(new_context: NewContext, asked: Asked) -> None:
    context = new_context()
    page = context.new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("textbox").press_sequentially(STRATEGY[:30])
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=6_000)
    page.close()

    again = context.new_page()
    again.goto(asked.link)
    again.get_by_role("button", name="Continue").click()
    again.goto(f"/answer/{asked.round_id}/1")

    expect(again.get_by_role("textbox")).to_have_value(STRATEGY[:30])
    assert asked.kept(Draft) == [STRATEGY[:30]]


def test_other_device_takes_the_draft_up(new_context: NewContext, asked: Asked) -> None:
    phone = new_context().new_page()
    phone.goto(asked.link)
    phone.get_by_role("button", name="Begin").click()
    phone.get_by_role("textbox").fill(STRATEGY)
    expect(phone.locator("[data-draft-status]")).to_have_text(re.compile("Saved"), timeout=6_000)

    laptop = new_context(viewport={"width": 1440, "height": 900}).new_page()
    laptop.goto(asked.link)
    laptop.get_by_role("button", name="Begin").click()
    laptop.goto(f"/answer/{asked.round_id}/1")

    expect(laptop.get_by_role("textbox")).to_have_value(STRATEGY)


def test_text_typed_without_a_connection_is_kept_in_the_browser(
    new_context: NewContext, asked: Asked
) -> None:
    context = new_context()
    page = context.new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()
    context.set_offline(True)
    page.get_by_role("textbox").fill(STRATEGY)
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Not saved yet"), timeout=6_000)
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"/answer/{asked.round_id}/1")

    expect(again.get_by_role("textbox")).to_have_value(STRATEGY)
    expect(again.locator("[data-draft-status]")).to_have_text(re.compile("Saved"), timeout=6_000)
    assert asked.kept(Draft) == [STRATEGY]


def test_older_text_of_one_device_does_not_replace_the_newer_of_another(
    new_context: NewContext, asked: Asked
) -> None:
    phone = new_context()
    page = phone.new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()
    phone.set_offline(True)
    page.get_by_role("textbox").fill("Typed in the lift.")
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Not saved yet"), timeout=6_000)
    page.goto("about:blank")
    laptop = new_context().new_page()
    laptop.goto(asked.link)
    laptop.get_by_role("button", name="Begin").click()
    laptop.get_by_role("textbox").fill(STRATEGY)
    laptop.get_by_role("textbox").blur()
    expect(laptop.locator("[data-draft-status]")).to_have_text(re.compile("Saved"), timeout=6_000)
    phone.set_offline(False)

    page.goto(f"/answer/{asked.round_id}/1")

    expect(page.get_by_role("textbox")).to_have_value(STRATEGY)
    expect(page.locator("[data-draft-status]")).to_contain_text("This device holds another text")
    page.get_by_role("button", name="Show that one").click()
    expect(page.get_by_role("textbox")).to_have_value("Typed in the lift.")


def test_shared_computer_keeps_nothing_in_the_browser(new_context: NewContext, asked: Asked) -> None:
    context = new_context()
    page = context.new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("I am on a shared computer").click()
    context.set_offline(True)
    page.get_by_role("textbox").fill(STRATEGY)
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Not saved yet"), timeout=6_000)
    stored = page.evaluate("Object.entries(localStorage)")
    context.set_offline(False)

    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Saved"), timeout=10_000)

    assert STRATEGY not in str(stored)
    assert STRATEGY not in str(page.evaluate("Object.entries(localStorage)"))
    assert [cookie["expires"] for cookie in context.cookies()] == [-1]


def test_forget_me_leaves_nothing_behind(new_context: NewContext, asked: Asked) -> None:
    context = new_context()
    page = context.new_page()
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("textbox").fill(STRATEGY)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").fill("70")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Send my answer").click()

    page.get_by_role("button", name="Forget me in this browser").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This browser has forgotten you")
    check_accessible(page)
    assert STRATEGY not in str(page.evaluate("Object.entries(localStorage)"))
    page.goto(f"/answer/{asked.round_id}/done")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please open your personal link again")


def test_answer_text_never_runs(new_context: NewContext, asked: Asked) -> None:
    context = new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    payload = (
        "\"><img src=x onerror=alert(1)><script>alert(2)</script>'-alert(3)-'</textarea><svg onload=alert(4)>"
    )
    page.goto(asked.link)
    page.get_by_role("button", name="Begin").click()

    page.get_by_role("textbox").fill(payload)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").fill("70")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_text(payload)).to_be_visible()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text(payload)).to_be_visible()
    page.get_by_role("link", name="Change my answer").click()

    expect(page.get_by_role("textbox")).to_have_value(payload)
    assert said == []


@pytest.mark.parametrize("width", [320, 1440])
def test_narrow_and_wide_screens_show_all(new_context: NewContext, asked: Asked, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 700}).new_page()
    page.goto(asked.link)
    check_accessible(page)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("textbox").fill("Unbreakable" * 40)
    check_accessible(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").fill("70")
    page.get_by_role("button", name="Review").click()

    check_accessible(page)
