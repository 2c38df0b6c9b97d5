"""Every facilitator page of the demo, with its real reports, as people with and without full sight meet it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.db import Database
from app.directory.models import DirectoryPerson
from app.surveys.models import Round
from tests import factories
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


@pytest.fixture(scope="module")
def more_pages(demo: tuple[Database, str]) -> list[str]:
    """The pages of a draft, of the directory, of what follows a report: without those of `facilitator_pages`."""
    database, _address = demo
    with database.writing() as session:
        first = session.scalars(select(Round).order_by(Round.number)).first()
        assert first is not None
        organisation_id = first.series.organisation_id
        draft = factories.draft_round(session, organisation_id=organisation_id, label="Q1 2030")
        person = session.scalars(select(DirectoryPerson)).first()
        assert person is not None
        question, participant = draft.questions[0].id, draft.participants[0].id
        draft_id, first_id, series_id = draft.id, first.id, first.series_id
        person_id = person.id
    of_draft = (
        "edit", "launch", "discard", "mail", "questions", "library", "import", "template", "title", "questions/translations",
        "questions/new/fork", "questions/new/ranking", "questions/new/elements", "questions/new/stage_choice",
        "questions/new/priorities", f"questions/{question}", f"questions/{question}/remove", "participants/pick",
        f"participants/{participant}", "opening", "observers",
    )  # fmt: skip
    of_closed = (
        "report/reveal",
        "report/edits",
        "report/groups",
        "report/themes/1",
        "exports",
        "readers",
        "meetings",
    )
    return [
        *(f"/rounds/{draft_id}/{end}" for end in of_draft),
        *(f"/rounds/{first_id}/{end}" for end in of_closed),
        *(f"/series/{series_id}/{end}" for end in ("schedule", "compare")),
        *("/people", "/people/new", f"/people/{person_id}", "/people/import"),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1440, "dark")])
def test_axe_finds_nothing_serious_on_what_is_set_up_and_followed_up(
    chromium: Browser, demo: tuple[Database, str], more_pages: list[str], width: int, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, demo[1])
    for path in more_pages:
        answer = page.goto(demo[1] + path)
        assert answer is not None
        assert answer.status == 200, f"{path} gave {answer.status}"
        check_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {width}"
    context.close()


def test_no_page_says_anything_in_the_console(signed_in: Page, demo: tuple[Database, str]) -> None:
    database, address = demo
    said: list[str] = []
    signed_in.on("console", lambda message: said.append(f"{signed_in.url}: {message.text}"))
    pages = facilitator_pages(database)
    pages.pop("not-here")  # the browser itself remarks on the 404
    for path in pages.values():
        signed_in.goto(address + path)
    assert said == []
