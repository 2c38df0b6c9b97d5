"""The facilitator's pages in a language that nobody speaks: whatever stays English there is not in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.db import Database
from app.deliveries.letters import EXAMPLE_TOKEN
from app.directory.models import DirectoryPerson
from app.directory.pasting import Person
from app.directory.services import add_people
from app.people.models import Account
from app.surveys.design.exchange import SCHEMA
from app.surveys.design.library import LIBRARY
from app.surveys.design.services import save_template
from app.surveys.design.wording import summary_of
from app.surveys.kinds import default_settings
from app.surveys.models import Confidentiality, Question, QuestionKind, Round
from app.surveys.translations import words_of
from app.zones import zone_names
from tests import factories
from tests.answering.every_kind import every_kind
from tests.languages.test_answering_in_languages import choose, content_of, said_in_english
from tests.pages import XHTML, Browser, Page

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def rounds_of(session: Session, account: Account) -> tuple[Round, Round, Round]:
    """A draft with a question of every kind, an open round and a closed one, and what stands around them."""
    organisation_id = account.organisation_id
    draft = factories.draft_round(session, organisation_id=organisation_id)
    draft.questions = []
    session.flush()
    draft.questions = every_kind()
    draft.languages = ["en", "de"]
    is_open = factories.open_round(session, organisation_id=organisation_id)
    factories.personal_link(session, is_open.participants[0])
    closed = factories.closed_round(
        session,
        organisation_id=organisation_id,
        texts=["We win clinics."],
        confidentiality=Confidentiality.UNATTRIBUTED,
    )
    person = Person(
        line=1, name="Nora Ek", email="nora@halden.example", role="COO", function="Ops", level="C"
    )
    add_people(session, organisation_id=organisation_id, people=[person])
    save_template(session, round_=draft, organisation_id=organisation_id, name="Offsite")
    session.commit()
    return draft, is_open, closed


def pages(draft: Round, is_open: Round, closed: Round, person: DirectoryPerson) -> Iterator[str]:
    yield from (
        "/",
        "/rounds/new",
        "/templates",
        "/people",
        "/people/new",
        "/people/import",
        "/account",
        "/outbox",
    )
    yield from (f"/people/{person.id}", "/templates/1/delete", f"/series/{closed.series_id}/schedule")
    for kind in QuestionKind:
        yield f"/rounds/{draft.id}/questions/new/{kind}"
    for question in draft.questions:
        yield f"/rounds/{draft.id}/questions/{question.id}"
    last = draft.questions[-1].id
    everywhere = ("", "participants", "questions", "preview", "mail", "observers", "template")
    only = {
        draft: (
            *(
                "edit",
                "discard",
                "launch",
                "test",
                "title",
                "library",
                "import",
                "opening",
                "participants/pick",
            ),
            *(
                "questions/translations",
                f"questions/{last}/remove",
                f"participants/{draft.participants[0].id}",
            ),
        ),
        is_open: (
            *("extend", "close", "mail/invitations", "mail/reminder", "participants/pick", "progress"),
            f"mail/people/{is_open.participants[0].id}/remind",
        ),
        closed: ("reopen",),
    }
    for round_, more in only.items():
        yield from (f"/rounds/{round_.id}/{end}".rstrip("/") for end in (*everywhere, *more))


def refusals(draft: Round, is_open: Round) -> Iterator[tuple[str, dict[str, str], int]]:
    """Forms that are sent with nothing or nonsense in them."""
    base = f"/rounds/{draft.id}"
    yield "/rounds/new", {"confidentiality": "?", "layout": "?", "time_zone": "?"}, 422
    yield f"{base}/edit", {"closes_on": "2020-01-01", "closes_at_time": "10:00", "time_zone": "UTC"}, 422
    yield f"{base}/title", {}, 422
    yield f"{base}/template", {}, 422
    yield f"{base}/import", {"text": '{"schema": "?"}', "place": "behind"}, 422
    for kind in ("open_text", "elements", "priorities", "fork", "ranking", "stage_choice"):
        yield f"{base}/questions/new/{kind}", {}, 422
    yield f"{base}/participants", {"lines": "x@y@z\nNora <nora@halden.example>\n1234"}, 200
    yield f"{base}/participants", {"lines": ""}, 422
    yield f"{base}/participants/pick", {}, 422
    yield f"{base}/observers", {}, 422
    yield f"{base}/opening", {}, 422
    yield f"/rounds/{is_open.id}/extend", {}, 422
    yield "/people/new", {"email": "x"}, 422
    yield "/account", {"current_password": "no", "new_password": "short"}, 422


def without_zones(page: Page) -> Page:
    """Cities have the names that the list of time zones gives them."""
    assert page.root is not None
    for parent in page.root.iter():
        for option in [each for each in parent if each.tag == f"{XHTML}option"]:
            if option.get("value") in zone_names():
                parent.remove(option)
    return page


def without_mail(page: Page) -> Page:
    """A mail is written in the language of its round, whatever the page speaks."""
    assert page.root is not None
    for parent in page.root.iter():
        for each in list(parent):
            if each.tag == f"{XHTML}dd" or each.get("class") in ("card stack", "keep small"):
                parent.remove(each)
    return page


def blank(kind: QuestionKind) -> Question:
    return Question(kind=kind, prompt="", hint="", settings=default_settings(kind))


def test_every_sentence_of_the_facilitators_pages_passes_through_the_catalogue(
    database: Database, settings: Settings, session: Session, facilitator: Account
) -> None:
    app: Flask = create_app(replace(settings, is_development=True), database)
    app.testing = True
    browser = Browser(app)
    content = {
        "Anna Berg <anna.berg@example.com>, CEO",
        "<mail>",
        "Offsite",
        "Europe/Berlin",
        SCHEMA,
        "schema",
        "x@y@z",
        "Nora",
        EXAMPLE_TOKEN,
    }
    choose(browser, "en-XA")
    browser.sign_in(facilitator)
    draft, is_open, closed = rounds_of(session, facilitator)
    person = session.scalars(select(DirectoryPerson)).one()
    content |= {person.name, person.email, person.role, person.function, facilitator.name, facilitator.email}
    for round_ in (draft, is_open, closed):
        content |= content_of(round_, facilitator) | {each.email for each in round_.participants}
    # Questions are written in the language of a round: those that come with the product, too.
    for question in (
        *(each.question() for each in LIBRARY.values()),
        *(blank(kind) for kind in QuestionKind),
    ):
        content |= set(words_of(question).values()) | {summary_of(question)}
    session.commit()
    plain = {}
    stranger = Browser(app)
    choose(stranger, "en-XA")
    if said := said_in_english(stranger.get("/sign-in"), content):
        plain["/sign-in"] = said
    for path in pages(draft, is_open, closed, person):
        page = without_zones(browser.get(path))
        if path.endswith("/mail/invitations"):
            page = without_mail(page)
        if said := said_in_english(page, content):
            plain[path] = said
    for path, typed, status in refusals(draft, is_open):
        if said := said_in_english(without_zones(browser.post(path, typed, status=status)), content):
            plain[f"POST {path}"] = said
    assert plain == {}, "\n".join(f"{path}: {sorted(said)}" for path, said in plain.items())
