"""Nine executives answer every kind of question on their phones; what drags, counts and appears is tried on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.db import Database
from app.people.models import Account
from app.surveys.models import Draft, Sheet
from tests import factories
from tests.answering.every_kind import ANSWERS, VALUES, open_round_of_every_kind
from tests.browser.conftest import NewContext, check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

LABELS = {
    "service": "Service within a day",
    "price": "The lowest price",
    "range": "The widest range",
    "data": "Data across all devices",
}


@dataclass(frozen=True)
class Asked:
    database: Database
    round_id: int
    links: list[str]
    positions: dict[int, int]

    def recorded(self) -> list[dict[int, Any]]:
        """Every sheet that was sent: its values by position."""
        with self.database.reading() as session:
            sheets = session.scalars(
                select(Sheet).where(Sheet.is_submitted).options(selectinload(Sheet.answers))
            ).all()
            return [{self.positions[a.question_id]: a.value for a in sheet.answers} for sheet in sheets]

    def drafted(self, position: int) -> list[Any]:
        with self.database.reading() as session:
            return [
                draft.value["typed"]
                for draft in session.scalars(select(Draft))
                if self.positions[draft.question_id] == position
            ]


def ask(database: Database, session: Session, facilitator: Account, layout: str) -> Asked:
    round_ = open_round_of_every_kind(session, organisation_id=facilitator.organisation_id, layout=layout)
    links = [f"/r/{factories.personal_link(session, person)}" for person in round_.participants]
    session.commit()
    return Asked(database, round_.id, links, {each.id: each.position for each in round_.questions})


@pytest.fixture
def asked(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask(database, session, facilitator, "one_question")


@pytest.fixture
def one_page(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask(database, session, facilitator, "one_page")


def begin(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Begin").click()


def fill(page: Page, position: int, typed: dict[str, str], name: str = "answer") -> None:
    """Put one answer into the fields of its question, as a finger does."""
    for part, text in typed.items():
        field = page.locator(f"[name='{name}.{part}']" if part else f"[name='{name}']")
        if position == 5:
            rank(page, text.split())
        elif field.first.get_attribute("type") == "radio":
            page.locator(f"[name='{field.first.get_attribute('name')}'][value='{text}']").check(force=True)
        else:
            field.fill(text)


def order_of(page: Page) -> list[str]:
    by_label = {label: key for key, label in LABELS.items()}
    return [by_label[label] for label in page.locator(".ranking-label").all_inner_texts()]


def rank(page: Page, wanted: list[str]) -> None:
    """Press Move up until the order is the wanted one; without script each press is a page."""
    if order_of(page) == wanted:
        page.get_by_label("The order shown is mine as it stands").check(force=True)
        return
    for place, key in enumerate(wanted):
        while order_of(page).index(key) > place:
            page.get_by_role("button", name=f"Move up: {LABELS[key]}").click()


def check_targets(page: Page) -> None:
    """What a thumb has to hit is 44 pixels high, and no text field makes a phone zoom."""
    small = page.evaluate(
        """() => [...document.querySelectorAll('main .button, main input[type=text], main textarea, main .choice,'
            + ' main .fork-step')].filter(e => e.checkVisibility() && !e.closest('.visually-hidden'))
            .filter(e => !e.classList.contains('visually-hidden') && e.getBoundingClientRect().height < 43.9)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('main input[type=text], main textarea')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert all(size >= 16 for size in sizes)


def test_nine_executives_answer_every_kind_on_their_phones(new_context: NewContext, asked: Asked) -> None:
    for person, link in enumerate(asked.links):
        is_looked_at = person in {0, 2}
        page = new_context(
            has_touch=True,
            java_script_enabled=person != 1,
            color_scheme="dark" if person == 2 else "light",
            reduced_motion="reduce",
        ).new_page()
        begin(page, link)
        # Every second one leans to the left pole, and is not asked the last question.
        answers = ANSWERS if person % 2 == 0 else ANSWERS | {4: {"": "2"}}
        last = 9 if person % 2 == 0 else 8
        for position in range(1, last + 1):
            expect(page.get_by_role("progressbar")).to_have_attribute("value", str(position))
            fill(page, position, answers[position])
            if is_looked_at:
                check_accessible(page)
                check_targets(page)
            page.locator(".actions-steps button").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Read it once more")
        if is_looked_at:
            check_accessible(page)
        page.get_by_role("button", name="Send my answer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answer is recorded.")
        if is_looked_at:
            check_accessible(page)
        page.context.close()

    recorded = asked.recorded()
    assert len(recorded) == 9
    leaning_left = {**VALUES, 4: {"step": 2}}
    del leaning_left[9]
    assert [each for each in recorded if each == VALUES] == [VALUES] * 5
    assert [each for each in recorded if each == leaning_left] == [leaning_left] * 4


def test_item_is_dragged_by_finger_and_the_page_stays(new_context: NewContext, asked: Asked) -> None:
    page = new_context(has_touch=True).new_page()
    begin(page, asked.links[0])
    page.goto(f"/answer/{asked.round_id}/5")
    before = order_of(page)
    handles = page.locator("[data-ranking-handle]")
    start, end = handles.nth(3).bounding_box(), handles.nth(0).bounding_box()
    assert start is not None
    assert end is not None
    x, top = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": x, "y": top})
    for y in range(int(top), int(end["y"]) - 4, -12):
        send("touchMove", {"x": x, "y": y})
    send("touchEnd")

    assert order_of(page) == [before[3], *before[:3]]
    expect(page.locator("[data-ranking-status]")).to_have_text(f"{LABELS[before[3]]}: now 1 of 4")
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=6_000)
    assert asked.drafted(5) == [" ".join([before[3], *before[:3]])]
    expect(page.get_by_label("The order shown is mine")).to_be_hidden()


def test_ranking_by_mouse_and_by_keyboard_alone(new_context: NewContext, asked: Asked) -> None:
    page = new_context().new_page()
    begin(page, asked.links[0])
    page.goto(f"/answer/{asked.round_id}/5")
    before = order_of(page)
    start, end = (page.locator("[data-ranking-handle]").nth(place).bounding_box() for place in (0, 1))
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 10, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, end["y"] + end["height"] - 2, steps=5)
    page.mouse.up()
    assert order_of(page) == [before[1], before[0], *before[2:]]

    page.get_by_role("button", name=f"Move up: {LABELS[before[2]]}").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")

    assert order_of(page)[0] == before[2]
    # At the top there is no way up; the focus goes to the way down and not astray.
    expect(page.get_by_role("button", name=f"Move down: {LABELS[before[2]]}")).to_be_focused()
    assert page.url.endswith("/5")


def test_ranking_and_fields_typed_without_a_connection_come_back(
    new_context: NewContext, asked: Asked
) -> None:
    context = new_context()
    page = context.new_page()
    begin(page, asked.links[0])
    page.goto(f"/answer/{asked.round_id}/5")
    before = order_of(page)
    context.set_offline(True)
    page.get_by_role("button", name=f"Move down: {LABELS[before[0]]}").click()
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Not saved yet"), timeout=6_000)
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"/answer/{asked.round_id}/5")

    assert order_of(again) == [before[1], before[0], *before[2:]]
    wanted = [" ".join([before[1], before[0], *before[2:]])]
    for _ in range(30):
        if asked.drafted(5) == wanted:
            break
        again.wait_for_timeout(200)
    assert asked.drafted(5) == wanted


def test_enter_goes_on_from_a_line_a_choice_and_a_text(new_context: NewContext, asked: Asked) -> None:
    page = new_context().new_page()
    begin(page, asked.links[0])
    page.get_by_role("textbox").fill("We win clinics.")
    page.get_by_role("textbox").press("Control+Enter")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
    page.goto(f"/answer/{asked.round_id}/3")
    fill(page, 3, ANSWERS[3])
    page.locator("[name='answer.3']").press("Enter")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "4")
    page.get_by_role("radio", name="Half way between the two").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "5")
    assert asked.drafted(4) == ["5"]


def test_one_page_shows_a_question_as_soon_as_it_is_asked(new_context: NewContext, one_page: Asked) -> None:
    page = new_context().new_page()
    begin(page, one_page.links[0])
    check_accessible(page)
    check_targets(page)
    let_go = page.get_by_label("Which large customers would you let go?")
    expect(let_go).to_be_hidden()

    page.get_by_role("radio", name="Mostly: Win single clinics").check(force=True)
    expect(let_go).to_be_visible(timeout=6_000)
    page.get_by_role("radio", name="Mostly: Win large hospital groups").check(force=True)
    expect(let_go).to_be_hidden(timeout=6_000)
    for position, typed in ANSWERS.items():
        if position < 9:
            fill(page, position, typed, f"answer-{position}")
    page.get_by_role("button", name="Review").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read it once more")
    page.get_by_role("button", name="Send my answer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answer is recorded.")
    (recorded,) = one_page.recorded()
    assert {at: value for at, value in VALUES.items() if at < 9} == recorded


@pytest.mark.parametrize("width", [320, 1440])
def test_no_kind_is_wider_than_the_screen(new_context: NewContext, one_page: Asked, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 700}).new_page()
    begin(page, one_page.links[0])
    page.locator("[name='answer-3.1']").fill("Unbreakable" * 20)

    check_accessible(page)
