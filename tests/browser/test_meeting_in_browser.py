"""A meeting rehearsed in Chromium: from the reveal to a blank thesis, with the network away for a part of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.offsite.models import MeetingFork
from app.people.models import Account
from app.reports import queries as reports
from app.reports.models import ReportSection
from tests.browser.conftest import NewContext, check_accessible
from tests.factories import PASSWORD
from tests.offsite.conftest import Built, build, built, judge

__all__ = ["build", "built", "judge"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

WALL = {"width": 1440, "height": 810}
# The smallest type on a slide that somebody in the last row has to read.
SMALLEST = """() => {
  const slide = [...document.querySelectorAll(".slide")].find((each) => !each.hidden);
  const texts = [...slide.querySelectorAll("*")].filter((each) => !each.closest("svg, .button")
    && each.getClientRects().length && [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  const [x, y] = [slide.scrollWidth - slide.clientWidth, slide.scrollHeight - slide.clientHeight];
  return [Math.min(...texts.map((each) => parseFloat(getComputedStyle(each).fontSize))), Math.max(x, y)];
}"""


def slide_of(page: Page) -> str:
    return page.url.rsplit("/", 1)[-1]


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def go_to(page: Page, slide: str) -> None:
    for _ in range(20):
        if slide_of(page) == slide:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"no slide {slide}")


def test_a_meeting_from_the_reveal_to_a_blank_thesis_with_the_network_away(
    new_context: NewContext, session: Session, facilitator: Account, built: Built
) -> None:
    email = facilitator.email
    session.commit()  # an open transaction of the test would keep the app from writing
    context = new_context(viewport=WALL)
    page = context.new_page()
    sign_in(page, email)

    # From the report: opening the meeting is the reveal.
    page.goto(f"/rounds/{built.round_id}/report")
    page.locator("#next-steps").get_by_role("link", name="Run the meeting").click()
    page.get_by_text("Begin, and show each section when the meeting reaches it").click()
    page.get_by_role("button", name="Open the slides").click()
    expect(page.locator(".slide:not([hidden])")).to_contain_text("what is our strategy?")

    # Every slide is legible from the back of the room, and fits.
    keys = page.eval_on_selector_all("[data-slide]", "all => all.map((each) => each.dataset.slide)")
    for key in keys:
        smallest, over = page.evaluate(SMALLEST)
        assert slide_of(page) == key
        assert smallest >= 28, key
        assert over <= 1, key
        if key in {"cover", "fork-1", "thesis"}:
            check_accessible(page)
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    assert slide_of(page) == "cover"
    expect(page.locator("[data-slide-says]")).to_have_text(f"Slide 1 of {len(keys)}: Q1 2027")

    # The notes in a second window turn the slides, and follow them.
    with context.expect_page() as opened:
        page.get_by_role("link", name="Notes").click()
    notes = opened.value
    notes.set_viewport_size(WALL)
    notes.get_by_role("button", name="Next").click()
    expect(page.locator("[data-slide=silent-1]")).to_be_visible()
    notes.get_by_role("button", name="Start the clock").click()
    expect(page.get_by_role("button", name="Pause the clock")).to_be_visible()
    expect(page.locator("[data-clock-left]")).not_to_have_text("10:00")
    page.bring_to_front()
    go_to(page, "fork-1")
    expect(notes.locator("[data-notes=fork-1]").first).to_be_visible()
    check_accessible(notes)

    # Another device asks where the meeting is, and what its clock says.
    phone = new_context().new_page()
    sign_in(phone, email)
    phone.goto(page.url.replace("fork-1", "cover").replace("/slides/", "/presenter/"))
    expect(phone.locator("[data-notes=fork-1]").first).to_be_visible()
    page.keyboard.press("t")
    expect(phone.get_by_role("button", name="Pause the clock")).to_be_visible()
    phone.get_by_role("button", name="Next").click()
    expect(page.locator("[data-slide^=camps]").first).to_be_visible()
    phone.context.close()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-slide=fork-1]")).to_be_visible()

    # The network goes away: slides turn, hands are counted, and it is said plainly.
    context.set_offline(True)
    page.fill("[name=fork1-left]", "3")
    page.fill("[name=fork1-right]", "2")
    page.fill("[name=fork1-undecided]", "1")
    page.get_by_role("button", name="Keep the count").click()
    expect(page.locator("[data-meeting-status]")).to_contain_text("No network")
    expect(page.locator("[data-hands-said]:visible")).to_contain_text("3 left")
    page.locator("body").press("Escape")
    page.keyboard.press("Escape")
    go_to(page, "thesis")
    page.get_by_label("The only …").fill("supplier")
    page.get_by_label("whose …").fill("service never sleeps")
    page.get_by_role("button", name="Open the draft of the thesis").click()
    expect(page.locator("[data-slide=thesis]")).to_be_visible()
    session.expire_all()
    assert session.query(MeetingFork).one().n_left is None
    session.commit()

    # It comes back: what waited is sent, and the blank thesis opens the draft with what was typed.
    context.set_offline(False)
    expect(page.locator("[data-meeting-status]")).to_be_hidden()
    expect(notes.locator("[data-hands='1-left']").last).to_have_text("3")
    page.get_by_role("button", name="Open the draft of the thesis").click()
    expect(page.get_by_label("The thesis")).to_have_value("The only supplier whose service never sleeps.")

    session.expire_all()
    fork = session.query(MeetingFork).one()
    assert (fork.n_left, fork.n_right, fork.n_undecided, fork.counts) == (3, 2, 1, 1)
    shown = reports.revealed_sections(session, round_=built.round)
    session.commit()
    assert {ReportSection.ASKED, ReportSection.FORKS, ReportSection.NUMBER} <= shown
