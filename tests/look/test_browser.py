"""The look in a real browser: accessibility, narrow windows, the security policy, and the small scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser


def listen(page: Page) -> list[str]:
    """Everything that the console says from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_axe_finds_nothing_on_the_style_guide(
    chromium: Browser, address: str, width: int, scheme: Any
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    answer = page.goto(f"{address}/styleguide")
    assert answer is not None
    assert answer.ok
    results = Axe().run(page)
    found = [
        f"{each['id']}: {[n['target'] for n in each['nodes']]}" for each in results.response["violations"]
    ]
    context.close()
    assert not found


@pytest.mark.parametrize("width", [320, 375, 768])
def test_a_narrow_window_never_scrolls_sideways(page: Page, width: int) -> None:
    # 320 px is also what a window of 1280 px shows at 400 % zoom.
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/styleguide")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_style_guide_reads_from_right_to_left_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/styleguide")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize(
    "selector", [".button:not(.button-small)", "input[type=text]", "select", "summary", ".choice"]
)
def test_what_a_finger_touches_is_44_px_high(page: Page, selector: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/styleguide")
    heights = page.eval_on_selector_all(
        f"main :is({selector})", "all => all.map(e => e.getBoundingClientRect().height).filter(h => h > 0)"
    )
    assert heights
    assert min(heights) >= 43.9


def test_inputs_are_16_px_so_that_phones_do_not_zoom(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/styleguide")
    sizes = page.eval_on_selector_all(
        "main :is(input:not([type=checkbox], [type=radio]), textarea, select)",
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))",
    )
    assert min(sizes) >= 16


def test_paper_is_light_whatever_the_screen(page: Page) -> None:
    page.goto("/styleguide")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert ink == "#14211f"
    expect(page.locator(".masthead")).to_be_hidden()


def test_paper_shows_what_a_click_would_show_but_not_the_tables_behind_pictures(page: Page) -> None:
    page.goto("/test/macros")
    page.emulate_media(media="print")
    expect(page.locator("#behind-a-click")).to_be_visible()
    expect(page.locator("#behind-a-picture")).to_be_hidden()


def test_nothing_moves_for_people_who_asked_for_less_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/styleguide")
    moving = page.eval_on_selector_all(
        "*",
        "all => all.filter(e => getComputedStyle(e).transitionDuration !== '0s'"
        " || getComputedStyle(e).animationName !== 'none').length",
    )
    assert moving == 0


def test_polling_works_under_the_security_policy(page: Page) -> None:
    said = listen(page)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.log('REFUSED ' + e.violatedDirective))"
    )
    page.goto("/test/polling")
    expect(page.locator("#news")).to_contain_text("fragment")
    first = page.locator("#news").inner_text()
    expect(page.locator("#news")).not_to_have_text(first)
    assert [words for words in said if "503" not in words] == []


def test_the_policy_test_would_notice_a_refusal(page: Page) -> None:
    said = listen(page)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.log('REFUSED ' + e.violatedDirective))"
    )
    page.goto("/test/polling")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(50)
    assert any("REFUSED style-src" in words for words in said)


def test_a_failed_fragment_leaves_the_page_as_it_is(page: Page) -> None:
    with page.expect_response("**/test/broken"):
        page.goto("/test/polling")
    page.wait_for_timeout(100)
    expect(page.locator("#kept")).to_have_text("still here")


def test_the_readers_choice_of_theme_holds_before_the_first_paint(page: Page) -> None:
    page.goto("/styleguide")
    page.get_by_label("Appearance").select_option("dark")
    page.add_init_script(
        "new MutationObserver(() => { if (document.body) window.atBody ??= document.documentElement.dataset.theme })"
        ".observe(document, {childList: true, subtree: true})"
    )
    page.reload()
    assert page.evaluate("window.atBody") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 23, 22)"
    expect(page.get_by_label("Appearance")).to_have_value("dark")


def test_a_moment_is_also_given_on_the_readers_own_clock(page: Page) -> None:
    page.goto("/test/macros")
    # The reader sits in New York, six hours behind Berlin.
    expect(page.locator("#moment")).to_have_text("Fri 11 Dec 2026, 17:00 Berlin (11:00 your time)")


def test_a_moment_of_another_day_names_the_readers_day(page: Page) -> None:
    page.goto("/test/macros")
    expect(page.locator("#night")).to_have_text("Sat 12 Dec 2026, 02:00 Berlin (Fri 11 Dec, 20:00 your time)")


def test_a_reader_in_the_same_zone_sees_the_moment_once(chromium: Browser, address: str) -> None:
    context = chromium.new_context(timezone_id="Europe/Paris")
    page = context.new_page()
    page.goto(f"{address}/test/macros")
    expect(page.locator("#moment")).to_have_text("Fri 11 Dec 2026, 17:00 Berlin")
    context.close()


def test_a_term_opens_its_definition_without_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/test/macros")
    expect(page.locator("#term")).to_be_hidden()
    page.get_by_role("button", name="agreement").click()
    expect(page.locator("#term")).to_be_visible()
    context.close()


def test_a_link_is_copied_and_said_to_be(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/test/macros")
    page.get_by_role("button", name="Copy Link").click()
    expect(page.locator("[data-copy-status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://ninefold.example/r/abc"


def local_copies(page: Page) -> list[str]:
    found = page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('ninefold.draft.'))")
    assert isinstance(found, list)
    return found


def test_a_draft_is_saved_within_five_seconds_of_typing_without_a_pause(page: Page) -> None:
    page.goto("/test/draft")
    page.locator("#answer").focus()
    with page.expect_request("**/test/draft", timeout=5_000) as sent:
        for _ in range(60):
            page.keyboard.type("x")
            page.wait_for_timeout(90)
    assert sent.value.headers["x-csrftoken"]
    expect(page.locator("[data-draft-status]")).to_have_text("Saved 14:03")


def test_leaving_the_field_saves_at_once_and_drops_the_local_copy(page: Page) -> None:
    page.goto("/test/draft")
    page.locator("#answer").type("We never lose a customer.")
    assert local_copies(page) == ["ninefold.draft.q1"]
    with page.expect_request("**/test/draft", timeout=1_000):
        page.locator("#answer").blur()
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved")
    assert local_copies(page) == []


def refuse(route: Route) -> None:
    route.abort("internetdisconnected")


def test_text_typed_without_a_connection_comes_back_with_the_page(page: Page) -> None:
    page.goto("/test/draft")
    page.route("**/test/draft", refuse)
    page.locator("#answer").type("Typed in a tunnel.")
    page.locator("#answer").blur()
    expect(page.locator("[data-draft-status]")).to_contain_text("Not saved yet")
    page.unroute("**/test/draft")
    page.goto("/test/draft")
    expect(page.locator("#answer")).to_have_value("Typed in a tunnel.")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved", timeout=6_000)


def test_a_newer_text_on_the_server_wins_over_the_local_copy(page: Page) -> None:
    page.goto("/test/draft")
    page.route("**/test/draft", refuse)
    page.locator("#answer").type("Older.")
    page.unroute("**/test/draft")
    page.goto("/test/draft?saved=Newer.&saved_at=2100-01-01T00:00:00Z")
    expect(page.locator("#answer")).to_have_value("Newer.")
    assert local_copies(page) == []


def test_a_shared_computer_keeps_no_copy(page: Page) -> None:
    page.goto("/test/draft")
    page.route("**/test/draft", refuse)
    page.locator("#answer").type("Between us")
    page.locator("#shared").check()
    page.locator("#answer").type(", only.")
    assert local_copies(page) == []


def test_a_sent_answer_leaves_no_copy_behind(page: Page) -> None:
    page.goto("/test/draft")
    page.locator("#answer").type("Sent.")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert local_copies(page) == []


def test_a_sent_answer_is_kept_until_a_page_has_come_back(page: Page) -> None:
    page.goto("/test/draft")
    page.route("**/test/done", refuse)
    page.route(
        "**/test/draft", lambda route: refuse(route) if route.request.method == "POST" else route.continue_()
    )
    page.locator("#answer").type("Lost on the way?")
    page.get_by_role("button", name="Next").click()
    page.wait_for_timeout(300)
    page.goto("/test/draft")
    expect(page.locator("#answer")).to_have_value("Lost on the way?")


def test_enter_in_a_text_makes_a_line_and_ctrl_enter_sends(page: Page) -> None:
    page.goto("/test/draft")
    page.locator("#answer").press("Enter")
    expect(page.locator("#answer")).to_have_value("\n")
    page.locator("#answer").press("Control+Enter")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()


def test_the_configuration_of_htmx_switches_off_what_the_policy_forbids(page: Page) -> None:
    page.goto("/test/polling")
    config = json.loads(page.locator("meta[name=htmx-config]").get_attribute("content") or "")
    assert config["includeIndicatorCSS"] is False
    assert page.evaluate("htmx.config.includeIndicatorCSS") is False
