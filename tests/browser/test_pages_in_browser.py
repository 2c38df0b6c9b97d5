"""Every facilitator page of the demo, with its real reports, as people with and without full sight meet it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.db import Database
from tests.browser.conftest import check_accessible
from tests.browser.screens import SCHEMES, WIDTHS, demo_server, facilitator_pages, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Database, str]]:
    with demo_server() as (database, _settings, address):
        yield database, address


@pytest.fixture(scope="module", params=[(width, scheme) for width in WIDTHS for scheme in SCHEMES])
def signed_in(
    request: pytest.FixtureRequest, chromium: Browser, demo: tuple[Database, str]
) -> Iterator[Page]:
    width, scheme = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, demo[1])
    yield page
    context.close()


def test_axe_finds_nothing_serious_on_any_page(signed_in: Page, demo: tuple[Database, str]) -> None:
    database, address = demo
    for path in facilitator_pages(database).values():
        signed_in.goto(address + path)
        check_accessible(signed_in)


def test_no_page_says_anything_in_the_console(signed_in: Page, demo: tuple[Database, str]) -> None:
    database, address = demo
    said: list[str] = []
    signed_in.on("console", lambda message: said.append(f"{signed_in.url}: {message.text}"))
    pages = facilitator_pages(database)
    pages.pop("not-here")  # the browser itself remarks on the 404
    for path in pages.values():
        signed_in.goto(address + path)
    assert said == []
