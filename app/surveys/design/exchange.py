"""A survey as JSON, to keep, to pass on and to read back: `ninefold.survey/1`, described in docs/survey-format.md.

Reading is strict: what is not known is refused by name and place, so that nothing is dropped in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.languages import LANGUAGES, SOURCE
from app.languages import gettext as _
from app.surveys.kinds import read_condition, read_settings, settings_of
from app.surveys.models import Question, QuestionKind
from app.surveys.strict import DataRefused, Problem, Reader, refuse_repeated, shortened
from app.surveys.translations import LONG_PLACES, translated, with_translation, words_of
from app.surveys.wording import number

SCHEMA = "ninefold.survey/1"
MAX_BYTES = 200_000
MAX_QUESTIONS = 30
MAX_TITLE = 200
MAX_PROMPT = 1_000
MAX_INTRODUCTION = 2_000


@dataclass(frozen=True)
class Survey:
    """What a file holds: a title, why it is asked, and the questions in their order, in no round yet."""

    title: str
    introduction: str
    questions: list[Question]
    language: str = SOURCE


def to_document(
    *, title: str, introduction: str, questions: Iterable[Question], language: str = SOURCE
) -> dict[str, Any]:
    """The survey without anything about people, times or answers. language: the one that it is written in."""
    return {
        "schema": SCHEMA,
        **({"language": language} if language != SOURCE else {}),
        "title": title,
        "introduction": introduction,
        "questions": [
            {
                "key": question.key,
                "kind": str(question.kind),
                "prompt": question.prompt,
                "hint": question.hint,
                "is_required": question.is_required,
                "is_trend": bool(question.is_trend),
                "settings": settings_of(question),
                "condition": question.condition,
                **_translations_of(question),
            }
            for question in questions
        ],
    }


def _translations_of(question: Question) -> dict[str, Any]:
    """The words that hold in each language; nothing at all where there are none."""
    words = {code: translated(question, code) for code in question.translations or {}}
    said = {code: there for code, there in words.items() if there}
    return {"translations": said} if said else {}


def to_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_json(given: str | bytes) -> Survey:
    """The survey in this file. Raises DataRefused with every problem and its place."""
    size = len(given if isinstance(given, bytes) else given.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        raise _refused(
            _("The file has %(n)s bytes; up to %(most)s are read.", n=number(size), most=number(MAX_BYTES))
        )
    try:
        text = given.decode("utf-8-sig") if isinstance(given, bytes) else given.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise _refused(
            _("This is not text in UTF-8. A survey is a text file, as Ninefold exports it.")
        ) from None
    try:
        data = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        words = _(
            "This is not JSON: something is wrong at line %(line)s, column %(column)s.",
            line=error.lineno,
            column=error.colno,
        )
        raise _refused(words) from None
    except RecursionError:
        raise _refused(_("This is nested too deeply for a survey.")) from None
    except ValueError:
        # A number of thousands of digits, which no survey has.
        raise _refused(_("This holds a number that no survey has.")) from None
    return read_document(data)


def read_document(data: Any) -> Survey:
    """The survey that this data describes. Raises DataRefused with every problem and its place."""
    problems: list[Problem] = []
    reader = Reader.of(data, "", problems)
    if not problems and reader.data.get("schema") != SCHEMA:
        # Another version may mean other things by the same words, so nothing else of it is read.
        raise DataRefused(
            [
                Problem(
                    "schema",
                    _("“%(schema)s” is wanted here: the format that this version reads.", schema=SCHEMA),
                )
            ]
        )
    reader.allow("schema", "language", "title", "introduction", "questions")
    language = reader.data.get("language", SOURCE)
    if not isinstance(language, str) or language not in LANGUAGES:
        reader.problem("language", _("One of %(known)s is wanted here.", known=", ".join(LANGUAGES)))
    title = reader.text("title", most=MAX_TITLE, is_required=True)
    introduction = reader.text("introduction", most=MAX_INTRODUCTION, is_line=False)
    entries = reader.items("questions", most=MAX_QUESTIONS)
    if reader.data.get("questions", []) == []:
        reader.problem("questions", _("A survey has at least one question."))
    refuse_repeated(entries, "key")
    questions: list[Question] = []
    for position, entry in enumerate(entries, start=1):
        questions.append(_read_question(entry, position=position, earlier=questions))
    if problems:
        raise DataRefused(problems)
    return Survey(title=title, introduction=introduction, questions=questions, language=language)


def _read_question(reader: Reader, *, position: int, earlier: list[Question]) -> Question:
    reader.allow(
        "key", "kind", "prompt", "hint", "is_required", "is_trend", "settings", "condition", "translations"
    )
    kind = reader.data.get("kind")
    question = Question(
        position=position,
        key=reader.key("key"),
        kind=QuestionKind.OPEN_TEXT,
        prompt=reader.text("prompt", most=MAX_PROMPT, is_line=False, is_required=True),
        hint=reader.text("hint", most=MAX_PROMPT, is_line=False),
        is_required=reader.boolean("is_required", default=True),
        is_trend=reader.boolean("is_trend", default=False),
        settings={},
        condition=None,
    )
    if not isinstance(kind, str) or kind not in set(QuestionKind):
        reader.problem("kind", _("One of %(known)s is wanted here.", known=", ".join(QuestionKind)))
        return question
    question.kind = QuestionKind(kind)
    settings = Reader.of(reader.data.get("settings", {}), f"{reader.place}.settings", reader.problems)
    question.settings = read_settings(question.kind, settings)
    if reader.data.get("condition") is not None:
        condition = Reader.of(reader.data["condition"], f"{reader.place}.condition", reader.problems)
        question.condition = read_condition(condition, earlier=earlier)
    _read_translations(reader, question)
    return question


def _read_translations(reader: Reader, question: Question) -> None:
    """The words in other languages, by the place of what they translate."""
    by_language = Reader.of(
        reader.data.get("translations", {}), f"{reader.place}.translations", reader.problems
    )
    by_language.allow(*LANGUAGES)
    places = words_of(question)
    for code in by_language.data:
        if code not in LANGUAGES:
            continue
        said = Reader.of(by_language.data[code], f"{by_language.place}.{code}", reader.problems)
        said.allow(*places)
        words = {
            place: said.text(place, most=MAX_PROMPT, is_line=place not in LONG_PLACES)
            for place in said.data
            if place in places
        }
        question.translations = with_translation(question, code, words)


def _refused(words: str) -> DataRefused:
    return DataRefused([Problem("", words)])


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        words = _(
            "An object has the field “%(name)s” twice. Each field may stand once.", name=shortened(repeated)
        )
        raise _refused(words)
    return found


def _refuse_constant(name: str) -> Any:
    raise _refused(_("%(name)s is no JSON: write a number, or null.", name=name))
