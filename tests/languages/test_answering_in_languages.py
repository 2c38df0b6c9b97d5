"""The whole way of an answer in German, and in a language that nobody speaks: whatever stays English there is not in
the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.deliveries.letters import Person, facts_for, write
from app.deliveries.models import DeliveryKind
from app.languages import LANGUAGES
from app.languages.pseudo import PSEUDO_LANGUAGES
from app.people.models import Account
from app.surveys.models import Confidentiality, Round, RoundLayout
from app.surveys.services import close_round
from app.surveys.starting_points import default_questions
from app.surveys.translations import ready_made, words_of
from tests import factories
from tests.answering.every_kind import ANSWERS, every_kind, fields
from tests.pages import XHTML, Browser, Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SPOKEN = (
    "aria-label",
    "placeholder",
    "title",
    "alt",
    "data-saved",
    "data-not-saved",
    "data-refused",
    "data-restored",
)
SPOKEN += (
    "data-other",
    "data-show-other",
    "data-one",
    "data-many",
    "data-said",
    "data-copied",
    "data-by-hand",
)


def ask(
    session: Session, facilitator: Account, *, languages: list[str], mode: Confidentiality
) -> tuple[Round, str]:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id, confidentiality=mode)
    round_.questions = []
    session.flush()
    round_.questions = every_kind()
    round_.languages = languages
    session.flush()
    token = factories.personal_link(session, round_.participants[0])
    session.commit()
    return round_, f"/r/{token}"


def walk(browser: Browser, round_: Round, link: str) -> Iterable[Page]:
    """Every page from the link to the receipt, and the ones on which something is wrong."""
    base = f"/answer/{round_.id}"
    yield browser.get(link)
    browser.post(link, status=303)
    for position, typed in ANSWERS.items():
        yield browser.get(f"{base}/{position}")
        if position < 9:
            yield browser.post(f"{base}/{position}", {}, status=422)
        browser.post(f"{base}/{position}", fields("answer", typed), status=303)
    page = browser.get(f"{base}/review")
    yield page
    hidden: dict[str, object] = {}
    for field in page.all("input", type="hidden"):
        name = field.get("name", "")
        if name.startswith("answer-") or name == "recorded":
            hidden[name] = field.get("value", "")
    browser.post(f"{base}/review", hidden, status=303)
    yield browser.get(f"{base}/done")
    yield browser.get("/answer/forgotten")
    yield browser.get("/r/unknown", status=404)
    yield browser.get("/nothing-here", status=404)


def choose(browser: Browser, code: str) -> None:
    browser.app.extensions["ninefold_languages"] |= PSEUDO_LANGUAGES
    browser.get("/sign-in")
    browser.post("/language", {"language": code, "back": "/sign-in"}, status=303)


def texts_of(element: Element) -> Iterable[str]:
    """What is read on a page, scripts aside, in pieces."""
    if element.tag in (f"{XHTML}script", f"{XHTML}style"):
        return
    if element.text:
        yield element.text
    yield from (value for name in SPOKEN if (value := element.get(name)))
    for child in element:
        yield from texts_of(child)
        if child.tail:
            yield child.tail


def said_in_english(page: Page, content: Iterable[str]) -> set[str]:
    """Words that have every vowel of English as it is: the pseudo-language would have put an accent on each."""
    assert page.root is not None
    text = " | ".join(texts_of(page.root))
    text = re.sub(r"\s+", " ", text)
    for known in sorted((" ".join(each.split()) for each in content if each), key=len, reverse=True):
        text = text.replace(known, " ")
    letters = re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", " ", text))
    return {word for word in letters if word.isascii() and re.search("[aeiouyAEIOUY]", word)}


def content_of(round_: Round, facilitator: Account) -> set[str]:
    """What people wrote, names, and what is the same in every language."""
    return {
        *(text for question in round_.questions for text in words_of(question).values()),
        *(text for typed in ANSWERS.values() for text in typed.values()),
        *(text for person in round_.participants for text in (person.name, person.role)),
        *(round_.series.title, round_.label, round_.asked_by, round_.asker, facilitator.organisation.name),
        *("Ninefold", "Berlin", "Language · Sprache", "OK", *LANGUAGES.values(), *PSEUDO_LANGUAGES.values()),
    }


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_every_sentence_of_every_page_passes_through_the_catalogue(
    app: Flask,
    database: Database,
    session: Session,
    facilitator: Account,
    browser: Browser,
    mode: Confidentiality,
) -> None:
    round_, link = ask(session, facilitator, languages=["en"], mode=mode)
    content = content_of(round_, facilitator)
    session.commit()
    assert {"round", "closes", "facilitator"} <= said_in_english(browser.get(link), content)
    choose(browser, "en-XA")
    for page in walk(browser, round_, link):
        assert said_in_english(page, content) == set(), page.response.request.path
    # All questions on one page, and what comes after the close.
    round_.layout = RoundLayout.ONE_PAGE
    session.commit()
    assert said_in_english(browser.get(f"/answer/{round_.id}/all"), content) == set() or (
        mode == Confidentiality.UNATTRIBUTED
    )
    close_round(session, round_=round_, now=utc_now())
    session.commit()
    assert said_in_english(browser.get(f"/answer/{round_.id}/done"), content) == set()
    assert said_in_english(browser.get(link), content) == set()


def test_an_executive_reads_and_answers_in_german(
    app: Flask, database: Database, session: Session, facilitator: Account, browser: Browser
) -> None:
    round_, link = ask(session, facilitator, languages=["en", "de"], mode=Confidentiality.CONFIDENTIAL)
    round_.questions[0].settings = {}
    for question in round_.questions:
        ready_made(question)
    session.commit()
    choose(browser, "de")
    pages = list(walk(browser, round_, link))
    begin, first, refused = pages[0], pages[1], pages[2]
    assert begin.one("html").get("lang") == "de"
    assert "Die Moderation kann nachsehen, wer welche Antwort geschrieben hat; sonst niemand." in begin.main
    assert "Mara Lind, CMO, fragt Sie und 8 weitere Personen bei" in begin.main
    assert "In ein bis drei Sätzen: Was ist unsere Strategie?" in first.main
    assert "Frage 1 von 8" in first.main
    assert "Bitte antworten Sie in Ihren eigenen Worten." in refused.main
    review = next(page for page in pages if page.response.request.path.endswith("/review"))
    assert "Für wen es ist" in review.main
    assert "Who it is for" not in review.main
    assert "Sehr zuversichtlich (4 von 5)" in review.main
    done = next(page for page in pages if page.response.request.path.endswith("/done"))
    assert done.heading == "Danke. Ihre Antwort ist gespeichert."
    copy = browser.get(f"/answer/{round_.id}/copy").text
    assert "Diese Runde schließt am" in copy
    assert "In ein bis drei Sätzen" in copy


def test_a_round_that_is_asked_in_one_language_speaks_it_whatever_the_browser_asks_for(
    app: Flask, database: Database, session: Session, facilitator: Account, browser: Browser
) -> None:
    _round, link = ask(session, facilitator, languages=["en"], mode=Confidentiality.NAMED)
    page = browser.get(link, headers={"Accept-Language": "de"})
    assert page.one("html").get("lang") == "en"
    assert not page.all("select", id="language")


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("mode", list(Confidentiality))
def test_the_first_page_and_the_mail_say_the_same_sentences_in_each_language(
    app: Flask,
    database: Database,
    session: Session,
    facilitator: Account,
    browser: Browser,
    language: str,
    mode: Confidentiality,
) -> None:
    round_, link = ask(session, facilitator, languages=[language], mode=mode)
    page = browser.get(link)
    facts = facts_for(
        round_,
        round_.participants[0],
        kind=DeliveryKind.INVITATION,
        organisation="Halden",
        reply_to=Person("Mara Lind", "mara@halden.example"),
        n_people=9,
        base_url="http://localhost",
        token="a-token",
        now=utc_now(),
    )
    letter = write(facts)
    said = [facts.promise.summary, *facts.promise.who_sees, *facts.promise.limits, facts.until_the_close]
    listed = [
        words(item) for item in page.one("section", **{"aria-labelledby": "who-sees"}).iter(f"{XHTML}li")
    ]
    assert set(said[1:]) <= set(listed)
    for sentence in said:
        assert sentence in letter.text
    begins = {"en": "Mara Lind, CMO, asks you", "de": "Mara Lind, CMO, fragt Sie"}
    assert letter.subject.startswith(begins[language])


def test_the_questions_of_the_product_are_whole_in_every_language(database: Database) -> None:
    for question in default_questions():
        made = ready_made(question)
        assert set(made.translations) == set(LANGUAGES) - {"en"}
