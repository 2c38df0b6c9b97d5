"""The kinds of question: what each one is set up with, what its answer looks like, and when it is asked. Pure.

| kind | settings | answer, as it is kept |
|---|---|---|
| open_text | guidance, least_characters, most_characters (null: no limit) | {"text": str} |
| elements | elements: [{key, label, hint}] | {"elements": {key: text}}, a key that is absent was not mentioned |
| priorities | least, most | {"items": [str]} |
| fork | left, right: the two poles; always seven steps | {"step": 1..7}, 1 is all the way left |
| ranking | items: [{key, label}] | {"order": [key, ...]}, first is first |
| stage_choice | dimensions: [{key, label, stages: [{name, description}] of three}] | {"stages": {key: 1..3}} |
| perception_guess | nothing | {"percent": 0..100} |
| confidence | nothing; five named steps | {"level": 1..5} |

A draft may hold a question that is not finished (a fork without poles): `checked_settings` is about the shape,
`unfinished` about what is still missing before a launch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import marked
from app.surveys.matrix import ELEMENTS, MATURITY
from app.surveys.models import Question, QuestionKind
from app.surveys.strict import DataRefused, Problem, Reader, refuse_repeated
from app.texts import MAX_CHARACTERS

MAX_LABEL = 120
MAX_HINT = 300
MAX_GUIDANCE = 500
MAX_DESCRIPTION = 400
MAX_ELEMENTS = 12
MAX_ITEMS = 12
MAX_DIMENSIONS = 8
MAX_PRIORITIES = 10

FORK_STEPS = 7
STAGES = 3
# The five steps of a confidence question, 1 to 5.
CONFIDENCE_STEPS = (
    marked("Not at all confident"),
    marked("Slightly confident"),
    marked("Fairly confident"),
    marked("Very confident"),
    marked("Completely confident"),
)

KIND_NAMES: dict[QuestionKind, str] = {
    QuestionKind.OPEN_TEXT: _l("Open text"),
    QuestionKind.ELEMENTS: _l("Elements"),
    QuestionKind.PRIORITIES: _l("Priorities"),
    QuestionKind.FORK: _l("Fork"),
    QuestionKind.RANKING: _l("Ranking"),
    QuestionKind.STAGE_CHOICE: _l("Stages"),
    QuestionKind.PERCEPTION_GUESS: _l("Guess about the others"),
    QuestionKind.CONFIDENCE: _l("Confidence"),
}

# What a condition may look at, and the comparisons that it knows.
CONDITION_KINDS = (QuestionKind.FORK, QuestionKind.STAGE_CHOICE, QuestionKind.CONFIDENCE)
COMPARISONS = ("at_most", "at_least", "equals")
_HIGHEST = {QuestionKind.FORK: FORK_STEPS, QuestionKind.STAGE_CHOICE: STAGES, QuestionKind.CONFIDENCE: 5}


def step_words(step: int, *, left: str, right: str) -> str:
    """One of the seven steps of a fork in words."""
    if step == 4:
        return _("Half way between the two")
    pole = left if step < 4 else right
    how_far = min(step, FORK_STEPS + 1 - step)
    if how_far == 1:
        return _("Fully: %(pole)s", pole=pole)
    return _("Mostly: %(pole)s", pole=pole) if how_far == 2 else _("Leaning to: %(pole)s", pole=pole)


# --- Settings ----------------------------------------------------------------------------------------------------


def default_settings(kind: QuestionKind) -> dict[str, Any]:
    """What a new question of this kind begins with; the elements and the stages are ready to use."""
    match kind:
        case QuestionKind.OPEN_TEXT:
            return {"guidance": "", "least_characters": None, "most_characters": None}
        case QuestionKind.ELEMENTS:
            return {"elements": deepcopy(list(ELEMENTS))}
        case QuestionKind.PRIORITIES:
            return {"least": 3, "most": 5}
        case QuestionKind.FORK:
            return {"left": "", "right": ""}
        case QuestionKind.RANKING:
            return {"items": []}
        case QuestionKind.STAGE_CHOICE:
            return {"dimensions": deepcopy(list(MATURITY))}
        case _:
            return {}


def settings_of(question: Question) -> dict[str, Any]:
    """The settings with every field there; questions from before there were settings have none."""
    return {**default_settings(QuestionKind(question.kind)), **(question.settings or {})}


def checked_settings(kind: QuestionKind, settings: Any, *, place: str = "settings") -> dict[str, Any]:
    """The settings, cleaned, with every field there. Raises DataRefused with each problem and its place."""
    problems: list[Problem] = []
    checked = read_settings(kind, Reader.of(settings, place, problems))
    if problems:
        raise DataRefused(problems)
    return checked


def read_settings(kind: QuestionKind, reader: Reader) -> dict[str, Any]:
    """The same for a part of a larger document: problems go to the reader's list."""
    return _READ[kind](reader)


def _read_open_text(reader: Reader) -> dict[str, Any]:
    reader.allow("guidance", "least_characters", "most_characters")
    least = reader.number("least_characters", least=1, most=MAX_CHARACTERS)
    most = reader.number("most_characters", least=1, most=MAX_CHARACTERS)
    if least is not None and most is not None and least > most:
        reader.problem("most_characters", _("The longest answer may not be shorter than the shortest."))
    guidance = reader.text("guidance", most=MAX_GUIDANCE, is_line=False)
    return {"guidance": guidance, "least_characters": least, "most_characters": most}


def _read_elements(reader: Reader) -> dict[str, Any]:
    reader.allow("elements")
    entries = reader.items("elements", most=MAX_ELEMENTS)
    refuse_repeated(entries, "key")
    elements = []
    for entry in entries:
        entry.allow("key", "label", "hint")
        elements.append(
            {
                "key": entry.key("key"),
                "label": entry.text("label", most=MAX_LABEL, is_required=True),
                "hint": entry.text("hint", most=MAX_HINT),
            }
        )
    return {"elements": elements}


def _read_priorities(reader: Reader) -> dict[str, Any]:
    reader.allow("least", "most")
    least = reader.number("least", least=1, most=MAX_PRIORITIES, default=3)
    most = reader.number("most", least=1, most=MAX_PRIORITIES, default=5)
    if least is not None and most is not None and least > most:
        reader.problem("most", _("The most may not be fewer than the least."))
    return {"least": least, "most": most}


def _read_fork(reader: Reader) -> dict[str, Any]:
    reader.allow("left", "right")
    return {"left": reader.text("left", most=MAX_LABEL), "right": reader.text("right", most=MAX_LABEL)}


def _read_ranking(reader: Reader) -> dict[str, Any]:
    reader.allow("items")
    entries = reader.items("items", most=MAX_ITEMS)
    refuse_repeated(entries, "key")
    items = []
    for entry in entries:
        entry.allow("key", "label")
        items.append(
            {"key": entry.key("key"), "label": entry.text("label", most=MAX_LABEL, is_required=True)}
        )
    return {"items": items}


def _read_stage_choice(reader: Reader) -> dict[str, Any]:
    reader.allow("dimensions")
    entries = reader.items("dimensions", most=MAX_DIMENSIONS)
    refuse_repeated(entries, "key")
    dimensions = []
    for entry in entries:
        entry.allow("key", "label", "stages")
        stages = []
        readers = entry.items("stages", most=STAGES)
        if len(readers) < STAGES:
            entry.problem("stages", _("Each dimension has exactly %(n)s stages.", n=STAGES))
        for stage in readers:
            stage.allow("name", "description")
            stages.append(
                {
                    "name": stage.text("name", most=MAX_LABEL, is_required=True),
                    "description": stage.text("description", most=MAX_DESCRIPTION),
                }
            )
        label = entry.text("label", most=MAX_LABEL, is_required=True)
        dimensions.append({"key": entry.key("key"), "label": label, "stages": stages})
    return {"dimensions": dimensions}


def _read_nothing(reader: Reader) -> dict[str, Any]:
    reader.allow()
    return {}


_READ: dict[QuestionKind, Callable[[Reader], dict[str, Any]]] = {
    QuestionKind.OPEN_TEXT: _read_open_text,
    QuestionKind.ELEMENTS: _read_elements,
    QuestionKind.PRIORITIES: _read_priorities,
    QuestionKind.FORK: _read_fork,
    QuestionKind.RANKING: _read_ranking,
    QuestionKind.STAGE_CHOICE: _read_stage_choice,
    QuestionKind.PERCEPTION_GUESS: _read_nothing,
    QuestionKind.CONFIDENCE: _read_nothing,
}


def unfinished(question: Question) -> list[str]:
    """What is missing before anybody can be asked this: sentences that go on from "Question 3"; none when ready."""
    settings = settings_of(question)
    missing = [] if question.prompt.strip() else [_("has no wording yet.")]
    match QuestionKind(question.kind):
        case QuestionKind.FORK:
            if not settings["left"] and not settings["right"]:
                missing.append(_("is a fork without its left and its right pole."))
            elif not settings["left"]:
                missing.append(_("is a fork without its left pole."))
            elif not settings["right"]:
                missing.append(_("is a fork without its right pole."))
            elif settings["left"].casefold() == settings["right"].casefold():
                missing.append(_("is a fork whose two poles are the same."))
        case QuestionKind.RANKING if len(settings["items"]) < 2:
            missing.append(
                _("is a ranking with one item; it needs two or more.")
                if settings["items"]
                else _("is a ranking with nothing to rank; it needs two or more.")
            )
        case QuestionKind.ELEMENTS if not settings["elements"]:
            missing.append(_("asks for elements, and names none."))
        case QuestionKind.STAGE_CHOICE if not settings["dimensions"]:
            missing.append(_("asks for stages, and names no dimension."))
    return missing


# --- Conditions --------------------------------------------------------------------------------------------------


def checked_condition(
    condition: Any, *, earlier: Sequence[Question], place: str = "condition"
) -> dict[str, Any] | None:
    """The condition, cleaned; None stays None. It may look at questions of `earlier` alone. Raises DataRefused."""
    if condition is None:
        return None
    problems: list[Problem] = []
    checked = read_condition(Reader.of(condition, place, problems), earlier=earlier)
    if problems:
        raise DataRefused(problems)
    return checked


def read_condition(reader: Reader, *, earlier: Sequence[Question]) -> dict[str, Any]:
    reader.allow("question", "dimension", "is", "value")
    key = reader.text("question", most=40, is_required=True)
    about = next((question for question in earlier if question.key == key), None)
    comparison = reader.data.get("is")
    if not isinstance(comparison, str) or comparison not in COMPARISONS:
        reader.problem("is", _("One of %(known)s is wanted here.", known=", ".join(COMPARISONS)))
    condition: dict[str, Any] = {"question": key, "is": comparison, "value": None}
    if about is None or QuestionKind(about.kind) not in CONDITION_KINDS:
        if key:
            reader.problem(
                "question",
                _(
                    "A condition looks at a fork, a stage choice or a confidence question that stands earlier."
                ),
            )
        return condition
    kind = QuestionKind(about.kind)
    if kind == QuestionKind.STAGE_CHOICE:
        dimensions = [dimension["key"] for dimension in settings_of(about)["dimensions"]]
        condition["dimension"] = reader.data.get("dimension")
        if condition["dimension"] not in dimensions:
            known = ", ".join(dimensions) or _("its dimensions")
            reader.problem("dimension", _("One of %(known)s is wanted here.", known=known))
    elif reader.data.get("dimension") is not None:
        reader.problem("dimension", _("Only a condition on a stage choice names a dimension."))
    condition["value"] = reader.number("value", least=1, most=_HIGHEST[kind], is_required=True)
    return condition


def is_asked(question: Question, values: Mapping[str, Mapping[str, Any]]) -> bool:
    """Is this question asked of somebody who gave these answers (by the questions' keys) so far?

    An answer that is not there meets no condition. `values` holds answers of questions that were asked:
    `asked_questions` sees to that.
    """
    condition = question.condition
    if condition is None:
        return True
    value = values.get(condition["question"])
    if value is None:
        return False
    if "dimension" in condition:
        given = (value.get("stages") or {}).get(condition["dimension"])
    else:
        given = value.get("step", value.get("level"))
    if not isinstance(given, int):
        return False
    wanted: int = condition["value"]
    match condition["is"]:
        case "at_most":
            return given <= wanted
        case "at_least":
            return given >= wanted
        case _:
            return given == wanted


def asked_questions(questions: Iterable[Question], values: Mapping[str, Mapping[str, Any]]) -> list[Question]:
    """The questions of a round (in their order) that are asked of somebody with these answers.

    An answer to a question that is not asked any more counts for nothing, so a question that hangs on it goes too.
    """
    asked: list[Question] = []
    counted: dict[str, Mapping[str, Any]] = {}
    for question in questions:
        if not is_asked(question, counted):
            continue
        asked.append(question)
        if question.key in values:
            counted[question.key] = values[question.key]
    return asked


# --- Which question is which ---------------------------------------------------------------------------------------


def strategy_question(questions: Iterable[Question]) -> Question | None:
    """The open text that the report reads as the strategy: the one with the key "strategy", else the first.

    None in a round without any open text: such a round has no statements, and its report no camps.
    """
    texts = [question for question in questions if question.kind == QuestionKind.OPEN_TEXT]
    return next((text for text in texts if text.key == "strategy"), texts[0] if texts else None)


def guess_question(questions: Iterable[Question]) -> Question | None:
    """The guess that is set against what was measured: the first one."""
    return next((q for q in questions if q.kind == QuestionKind.PERCEPTION_GUESS), None)
