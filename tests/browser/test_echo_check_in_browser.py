"""The echo check and a correction in Chromium: from the facilitator's start to the report that has moved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.people.models import Account
from app.reports import services
from app.surveys.models import Confidentiality
from app.tracking import tasks as tracking
from app.worker import Worker
from tests.analysis.fakes import FirstWordJudge
from tests.browser.conftest import NewContext, check_accessible
from tests.evidence.conftest import TEXTS, Answered, answered_round
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

DESK = {"width": 1440, "height": 900}
Build = Callable[[], None]


@pytest.fixture
def build(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Build:
    for module in (services, tracking):
        monkeypatch.setattr(module, "judge_for", lambda _database, _model: FirstWordJudge())
    return Worker(settings, database).run_until_idle


@pytest.fixture
def answered(app: Flask, session: Session, facilitator: Account) -> Answered:
    return answered_round(app, session, facilitator, Confidentiality.UNATTRIBUTED, TEXTS)


def own_browser(new_context: NewContext, answered: Answered, person: int, **options: object) -> Page:
    """The profile in which this person wrote their answer."""
    context: BrowserContext = new_context(**options)
    cookie = answered.own_browser(person).client.get_cookie("sid")
    assert cookie is not None
    page = context.new_page()
    page.goto("/sign-in")
    context.add_cookies([{"name": "sid", "value": cookie.value, "url": page.url}])
    return page


def sign_in(page: Page, account: Account) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", account.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def press(page: Page, words: str) -> None:
    """Tab to this control and press Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip().startswith(words):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reached {words!r}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_executive_reads_all_the_others_on_a_phone_by_keyboard_alone(
    new_context: NewContext, answered: Answered, scheme: str
) -> None:
    answered.start()
    page = own_browser(new_context, answered, 0, color_scheme=scheme)
    page.goto(answered.link(0))
    check_accessible(page)
    press(page, "Go on to the echo check")
    expect(page.get_by_role("heading", level=1)).to_have_text("Do the others say what you say?")
    check_accessible(page)
    press(page, "Read the first answer")
    seen = set()
    for number in range(1, len(TEXTS)):
        expect(page.get_by_text(f"{number} of 5 ·").first).to_be_visible()
        expect(page.get_by_text(TEXTS[0])).to_be_visible()
        if number == 1:
            check_accessible(page)
        seen.add(page.locator("blockquote").inner_text())
        press(page, "the opposite of mine" if number == 1 else "a different one")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. That was all.")
    check_accessible(page)
    assert seen == set(TEXTS[1:])
    assert sorted(verdict for *_, verdict in answered.votes()) == ["different"] * 4 + ["opposite"]


def test_without_script_it_is_the_same(new_context: NewContext, answered: Answered) -> None:
    answered.start()
    page = own_browser(new_context, answered, 1, java_script_enabled=False)
    page.goto(answered.link(1))
    page.get_by_role("button", name="Go on to the echo check").click()
    page.get_by_role("link", name="Read the first answer").click()
    for _ in range(len(TEXTS) - 1):
        page.get_by_role("button", name="can’t tell").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. That was all.")
    page.get_by_role("link", name=re.compile("^Change")).first.click()
    expect(page.locator("[aria-pressed=true]")).to_contain_text("can’t tell")


def test_four_buttons_are_as_large_as_a_thumb(new_context: NewContext, answered: Answered) -> None:
    answered.start()
    page = own_browser(new_context, answered, 0)
    page.goto(answered.path("/1"))
    boxes = [button.bounding_box() for button in page.locator("button[name=verdict]").all()]
    assert len(boxes) == 4
    assert all(box is not None and box["height"] >= 44 and box["width"] >= 200 for box in boxes)


def test_from_the_start_of_the_check_to_the_report_that_people_have_moved(
    new_context: NewContext, answered: Answered, facilitator: Account, build: Build
) -> None:
    desk = new_context(viewport=DESK).new_page()
    sign_in(desk, facilitator)
    desk.goto(f"/rounds/{answered.round_id}/echo-check")
    check_accessible(desk)
    desk.get_by_role("button", name="Start the echo check").click()
    expect(desk.get_by_text("0 of 6").first).to_be_visible()
    check_accessible(desk)
    for person in range(4):
        page = own_browser(new_context, answered, person)
        page.goto(answered.path("/1"))
        for _ in range(len(TEXTS) - 1):
            page.get_by_role("button", name="the same strategy as mine").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. That was all.")
    desk.reload()
    expect(desk.get_by_text("4 of 6").first).to_be_visible()
    desk.get_by_role("link", name="End it now").click()
    check_accessible(desk)
    desk.get_by_role("button", name="End the echo check").click()
    build()
    desk.get_by_role("link", name="Read the report").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("two strategies")
    expect(
        desk.get_by_text("The judge reads three strategies; you, reading each other, find two.")
    ).to_be_visible()
    check_accessible(desk)
    page = own_browser(new_context, answered, 0)
    page.goto(answered.path("/1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The echo check has ended")


def test_a_corrected_pair_moves_the_report_and_taking_it_back_moves_it_again(
    new_context: NewContext, answered: Answered, facilitator: Account, build: Build
) -> None:
    desk = new_context(viewport=DESK).new_page()
    sign_in(desk, facilitator)
    desk.goto(f"/rounds/{answered.round_id}/corrections")
    words = desk.locator("[name=first] option").all_inner_texts()
    # Two answers about speed stand together until somebody says that they do not.
    first, second = (next(word for word in words if text in word) for text in TEXTS[2:4])
    desk.select_option("[name=first]", label=first)
    desk.select_option("[name=second]", label=second)
    desk.get_by_text("Different strategies", exact=True).click()
    desk.get_by_role("button", name="Write it down").click()
    expect(desk.get_by_role("alert")).to_contain_text("Write why")
    check_accessible(desk)
    desk.fill("[name=reason]", "One means speed of delivery, the other speed of service.")
    desk.get_by_role("button", name="Write it down").click()
    expect(desk.get_by_role("article")).to_contain_text("different strategies")
    check_accessible(desk)
    build()
    desk.goto(f"/rounds/{answered.round_id}/report")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("four strategies")
    expect(
        desk.get_by_text(
            "The judge reads three strategies; with one correction by the facilitator there are four."
        )
    ).to_be_visible()
    expect(desk.locator("#method")).to_contain_text("One means speed of delivery")
    check_accessible(desk)
    desk.goto(f"/rounds/{answered.round_id}/corrections")
    desk.get_by_role("button", name="Withdraw").click()
    expect(desk.get_by_role("article")).to_contain_text("Withdrawn by Mara Lind")
    build()
    desk.goto(f"/rounds/{answered.round_id}/report")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("three strategies")
    expect(desk.get_by_text("Two readings")).to_have_count(0)


def test_an_open_report_page_takes_up_the_newer_reading_by_itself(
    new_context: NewContext, answered: Answered, facilitator: Account, build: Build
) -> None:
    from app.evidence.services import _rebuild_report

    _rebuild_report(answered.session, round_id=answered.round_id, because="test")
    answered.session.commit()
    desk = new_context(viewport=DESK).new_page()
    sign_in(desk, facilitator)
    desk.goto(f"/rounds/{answered.round_id}/report")
    expect(desk.get_by_role("heading", level=1)).to_have_text("The report is being built")
    build()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("three strategies", timeout=15_000)
