"""`make screens`: every page of the demo as a picture, so that anyone can look.

375 and 1440 pixels wide, light and dark, into screens/<page>-<width>-<scheme>.png. With --images also the pictures
that README and docs show (docs/images/).
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from app import create_app
from app.config import Settings
from app.db import Database
from app.demo import services as demo
from app.demo.content import MERROWBY
from app.migrating import upgrade
from app.surveys.models import Participant, Round, RoundState
from app.worker import Worker
from tests import factories

ROOT = Path(__file__).parent.parent.parent
WIDTHS = {375: 812, 1440: 900}
SCHEMES = ("light", "dark")
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]


@contextmanager
def demo_server() -> Iterator[tuple[Database, Settings, str]]:
    """The demo company with its reports built, served on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"NINEFOLD_DATA": folder, "NINEFOLD_DEVELOPMENT": "true"})
        database = Database(settings.database_url)
        upgrade(database)
        demo.load_when_empty(database, settings)
        Worker(settings, database).run_until_idle()
        server = create_server(create_app(settings, database), host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            yield database, settings, f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.close()
            database.dispose()


def facilitator_pages(database: Database) -> dict[str, str]:
    with database.reading() as session:
        rounds = session.scalars(select(Round).order_by(Round.number)).all()
        opened = next(round_ for round_ in rounds if round_.state == RoundState.OPEN)
        first, last = rounds[0], [r for r in rounds if r.state == RoundState.CLOSED][-1]
        series = first.series_id
    return {
        "home": "/",
        "new-round": "/rounds/new",
        "templates": "/templates",
        "questions": f"/rounds/{opened.id}/questions",
        "progress": f"/rounds/{opened.id}",
        "participants": f"/rounds/{opened.id}/participants",
        "preview": f"/rounds/{opened.id}/preview",
        "mail": f"/rounds/{opened.id}/mail",
        "extend": f"/rounds/{opened.id}/extend",
        "close": f"/rounds/{opened.id}/close",
        "closed-round": f"/rounds/{first.id}",
        "report-first": f"/rounds/{first.id}/report",
        "report-last": f"/rounds/{last.id}/report",
        "answers": f"/rounds/{first.id}/answers",
        "corrections": f"/rounds/{last.id}/corrections",
        "echo-check": f"/rounds/{last.id}/echo-check",
        "convergence": f"/series/{series}/convergence",
        "thesis": f"/series/{series}/thesis",
        "account": "/account",
        "styleguide": "/styleguide",
        "not-here": "/rounds/999999",
    }


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=email]", MERROWBY.person(MERROWBY.facilitator).email)
    page.fill("[name=password]", demo.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def take(page: Page, folder: Path, name: str, width: int, scheme: str) -> None:
    page.wait_for_load_state("load")
    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)


def fresh_person_link(database: Database) -> str:
    """The link of somebody who is new in the open round: whoever answered before would be shown the review."""
    with database.writing() as session:
        opened = session.scalars(select(Round).where(Round.state == RoundState.OPEN)).first()
        assert opened is not None, "the demo has an open round"
        identity = f"robin.{secrets.token_hex(4)}@merrowby.example"
        person = Participant(
            round_id=opened.id, name="Robin Vale", role="Chief of Staff", email=identity, identity=identity
        )
        session.add(person)
        session.flush()
        return f"/r/{factories.personal_link(session, person)}"


def answer_and_take(page: Page, folder: Path, width: int, scheme: str) -> None:
    """Every question of the round with something in its fields, the review, and what comes after it."""
    while page.locator("form[data-autosave]").count():
        number = page.get_by_role("progressbar").get_attribute("value")
        for area in page.locator("main textarea").all():
            area.fill(
                "We look after every rope until it is retired, for owners who cannot risk a parted line."
            )
        for place, line in enumerate(page.locator("main input[type=text]").all(), start=1):
            is_guess = line.get_attribute("inputmode") == "numeric"
            line.fill("60" if is_guess else f"Priority {place}: inspections on board")
        for group in dict.fromkeys(
            radio.get_attribute("name") for radio in page.locator("main input[type=radio]").all()
        ):
            page.locator(f"main input[name='{group}']").nth(1).check(force=True)
        for box in page.locator("main [data-ranking-keep] input").all():
            box.check(force=True)
        take(page, folder, f"question-{number}", width, scheme)
        page.locator("main .actions-steps button").first.click()
    take(page, folder, "review", width, scheme)
    page.get_by_role("button", name="Send my answer").click()
    take(page, folder, "done", width, scheme)


def take_all(browser: Browser, database: Database, address: str, folder: Path) -> None:
    pages = facilitator_pages(database)
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1
            )
            page = context.new_page()
            page.goto(f"{address}/sign-in")
            take(page, folder, "sign-in", width, scheme)
            sign_in(page, address)
            for name, path in pages.items():
                page.goto(address + path)
                take(page, folder, name, width, scheme)
            context.clear_cookies()
            page.goto(address + fresh_person_link(database))
            take(page, folder, "begin", width, scheme)
            page.click("main form button[type=submit]")
            answer_and_take(page, folder, width, scheme)
            context.close()


def take_images(browser: Browser, database: Database, address: str) -> None:
    """The few pictures that the documents show."""
    folder = ROOT / "docs" / "images"
    folder.mkdir(exist_ok=True)
    pages = facilitator_pages(database)
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light")
    page = context.new_page()
    sign_in(page, address)
    for image, name in {"report": "report-first"}.items():
        page.goto(address + pages[name])
        page.screenshot(path=folder / f"{image}.png")
    context.close()


def main() -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("This needs Chromium; on Debian or Ubuntu: apt install chromium")
    folder = ROOT / "screens"
    folder.mkdir(exist_ok=True)
    with demo_server() as (database, _settings, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        if "--images" in sys.argv:
            take_images(browser, database, address)
        else:
            take_all(browser, database, address, folder)
        browser.close()
    print(f"Pictures are in {folder if '--images' not in sys.argv else 'docs/images'}.")


if __name__ == "__main__":
    main()
