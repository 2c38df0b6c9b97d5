"""Sentences in the language of whoever reads."""

from flask import Flask

from app.languages import direction, gettext, language, ngettext, speaking
from app.languages.pseudo import PseudoTranslations
from app.people.models import Account
from tests.pages import Browser


def test_a_language_is_spoken_for_a_part_of_the_work_only() -> None:
    with speaking("ar-XB"):
        assert (language(), direction()) == ("ar-XB", "rtl")
    assert (language(), direction()) == ("en", "ltr")


def test_an_unknown_language_is_english() -> None:
    with speaking("tlh"):
        assert gettext("Nobody has answered %(name)s.", name="yet") == "Nobody has answered yet."


def test_the_pseudo_language_keeps_names_tags_and_percent_signs() -> None:
    said = PseudoTranslations(is_mirrored=False).gettext("<b>%(name)s</b> of 100 %% is &lt;away&gt;")
    assert "<b>%(name)s</b>" in said
    assert "%%" in said
    assert "&lt;" in said
    assert "away" not in said


def test_a_plural_follows_the_number() -> None:
    assert ngettext("%(n)s answer", "%(n)s answers", 1) == "1 answer"
    assert ngettext("%(n)s answer", "%(n)s answers", 4) == "4 answers"


def test_the_page_speaks_what_the_browser_asks_for(app: Flask, facilitator: Account) -> None:
    page = Browser(app).get("/sign-in", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert page.one("html").get("lang") == "de"


def test_the_choice_outlives_what_the_browser_asks_for_and_leads_back_to_the_page(
    app: Flask, facilitator: Account
) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    answer = browser.post("/language", {"language": "de", "back": "/sign-in"})
    assert answer.location == "/sign-in"
    page = browser.get("/sign-in", headers={"Accept-Language": "en"})
    assert page.one("html").get("lang") == "de"


def test_the_choice_never_leads_to_another_site(app: Flask, facilitator: Account) -> None:
    browser = Browser(app)
    for back in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "\\\\elsewhere",
        "////elsewhere.example/",
        "/\\elsewhere.example/",
        "//[",
    ):
        browser.get("/sign-in")
        assert browser.post("/language", {"language": "de", "back": back}).location == "/"
