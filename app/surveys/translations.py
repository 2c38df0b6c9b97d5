"""A question in the languages of its round. Pure.

`Question.translations` holds, for each further language, the words of the question by their place in it:

    {"de": {"prompt": {"words": "Was ist ...?", "of": "What is ...?"}, "left": {...}, "elements.who_for.label": {...}}}

`of` is what was translated. Once the question itself says something else, the words are out of date: they are kept for
whoever translates, and are no longer shown to anybody who answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from app.languages import LANGUAGES, SOURCE, catalogue
from app.languages import language as spoken_language
from app.languages.pseudo import PSEUDO_LANGUAGES
from app.surveys.kinds import settings_of
from app.surveys.models import Question, Round

Translations = dict[str, dict[str, dict[str, str]]]

# Of several lines; every other text of a question is a line.
LONG_PLACES = frozenset({"prompt", "hint", "guidance"})


def languages_of(round_: Round) -> list[str]:
    """The languages in which a round is asked, its main one first."""
    return [code for code in round_.languages or [] if code in LANGUAGES] or [SOURCE]


def words_of(question: Question) -> dict[str, str]:
    """Everything of a question that people read, by its place, as it is written in the main language; nothing empty."""
    places = {
        "prompt": question.prompt,
        "hint": question.hint,
        **dict(_settings_words(settings_of(question))),
    }
    return {place: words for place, words in places.items() if words}


def translated(question: Question, language: str) -> dict[str, str]:
    """The words that hold in this language, by their place: those whose original still says what was translated."""
    own = words_of(question)
    known: Mapping[str, Mapping[str, str]] = (question.translations or {}).get(language, {})
    return {
        place: known[place]["words"]
        for place, words in own.items()
        if place in known and known[place]["words"] and known[place]["of"] == words
    }


def outdated(question: Question, language: str) -> dict[str, str]:
    """Words whose original has been changed since, by their place."""
    own = words_of(question)
    known: Mapping[str, Mapping[str, str]] = (question.translations or {}).get(language, {})
    return {
        place: entry["words"]
        for place, entry in known.items()
        if place in own and entry["words"] and entry["of"] != own[place]
    }


def missing(question: Question, language: str) -> list[str]:
    """The places for which this language has no words."""
    there = translated(question, language)
    return [place for place in words_of(question) if place not in there]


def question_in(question: Question, language: str) -> Question:
    """The question as it reads in this language: the same one, or a copy in no session to be shown and thrown away.

    What a language has no words for is said in the main one. Pseudo-languages leave what people wrote as it is.
    """
    if language in PSEUDO_LANGUAGES:
        return question
    words = translated(question, language)
    if not words:
        return question
    return Question(
        id=question.id,
        round_id=question.round_id,
        position=question.position,
        key=question.key,
        kind=question.kind,
        prompt=words.get("prompt", question.prompt),
        hint=words.get("hint", question.hint),
        is_required=question.is_required,
        settings=_with_words(settings_of(question), words),
        condition=question.condition,
        is_trend=question.is_trend,
        is_previewed=question.is_previewed,
        translations=question.translations,
    )


def in_spoken_language(question: Question) -> Question:
    """The question as this page reads."""
    return question_in(question, spoken_language())


def with_translation(question: Question, language: str, words: Mapping[str, str]) -> Translations:
    """The translations of a question once these words are its words in this language; an empty one is none."""
    own = words_of(question)
    kept: Translations = deepcopy(dict(question.translations or {}))
    entries = {
        place: {"words": said, "of": own[place]}
        for place, said in words.items()
        if place in own and said.strip()
    }
    kept.pop(language, None)
    if entries:
        kept[language] = entries
    return kept


def put_into(question: Question, language: str, *, instead_of: str) -> None:
    """Make this language the one that the question is written in, where it is whole in it; the former is then a
    translation. A question that is not whole in it stays as it is."""
    if language == instead_of or missing(question, language):
        return
    before = words_of(question)
    now = translated(question, language)
    others = {
        code: translated(question, code)
        for code in question.translations or {}
        if code not in (language, instead_of)
    }
    question.prompt, question.hint = now.get("prompt", ""), now.get("hint", "")
    question.settings = _with_words(settings_of(question), now)
    question.translations = {}
    for code, words in {instead_of: before, **others}.items():
        question.translations = with_translation(question, code, words)


def ready_made(question: Question) -> Question:
    """Give a question that comes with the product its words in every other language that the product speaks."""
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        known = catalogue(code)
        said = {place: known.gettext(words) for place, words in words_of(question).items()}
        own = words_of(question)
        there = {place: words for place, words in said.items() if words != own[place]}
        question.translations = with_translation(question, code, there | translated(question, code))
    return question


def in_main_language(
    questions: Iterable[Question], language: str, *, written_in: str = SOURCE
) -> list[Question]:
    """Questions from elsewhere, written in the main language of a round where they are whole in it."""
    made = [ready_made(question) if written_in == SOURCE else question for question in questions]
    for question in made:
        put_into(question, language, instead_of=written_in)
    return made


def untranslated(questions: Sequence[Question], languages: Sequence[str]) -> dict[str, list[Question]]:
    """For each language but the first, the questions that lack words in it; languages that lack none are left out."""
    found = {code: [question for question in questions if missing(question, code)] for code in languages[1:]}
    return {code: lacking for code, lacking in found.items() if lacking}


def _settings_words(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("guidance", "left", "right"):
        if settings.get(name):
            yield name, settings[name]
    for element in settings.get("elements", []):
        yield f"elements.{element['key']}.label", element["label"]
        yield f"elements.{element['key']}.hint", element["hint"]
    for item in settings.get("items", []):
        yield f"items.{item['key']}.label", item["label"]
    for dimension in settings.get("dimensions", []):
        start = f"dimensions.{dimension['key']}"
        yield f"{start}.label", dimension["label"]
        for number, stage in enumerate(dimension["stages"], start=1):
            yield f"{start}.{number}.name", stage["name"]
            yield f"{start}.{number}.description", stage["description"]


def _with_words(settings: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The settings with these words in their places."""
    said: dict[str, Any] = deepcopy(dict(settings))
    for name in ("guidance", "left", "right"):
        if name in said:
            said[name] = words.get(name, said[name])
    for element in said.get("elements", []):
        for part in ("label", "hint"):
            element[part] = words.get(f"elements.{element['key']}.{part}", element[part])
    for item in said.get("items", []):
        item["label"] = words.get(f"items.{item['key']}.label", item["label"])
    for dimension in said.get("dimensions", []):
        start = f"dimensions.{dimension['key']}"
        dimension["label"] = words.get(f"{start}.label", dimension["label"])
        for number, stage in enumerate(dimension["stages"], start=1):
            for part in ("name", "description"):
                stage[part] = words.get(f"{start}.{number}.{part}", stage[part])
    return said
