"""How a question of a round is spoken of on the facilitator's pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.surveys.kinds import settings_of
from app.surveys.models import Question, QuestionKind
from app.surveys.wording import number

# What each kind is for, beside its name.
PURPOSES: dict[QuestionKind, str] = {
    QuestionKind.OPEN_TEXT: _l(
        "An answer in their own words. The report reads the first one as their strategy."
    ),
    QuestionKind.ELEMENTS: _l("A short text for each part, such as who it is for, or what we will not do."),
    QuestionKind.PRIORITIES: _l("A list of three to five, in their own words."),
    QuestionKind.FORK: _l("A trade-off: seven steps between two things that are both worth having."),
    QuestionKind.RANKING: _l("Things that you name, put in order."),
    QuestionKind.STAGE_CHOICE: _l("Sides of how you work, each in three stages: the maturity matrix."),
    QuestionKind.PERCEPTION_GUESS: _l("How likely is it that a colleague says the same? From 0 to 100 %."),
    QuestionKind.CONFIDENCE: _l("Five steps, from not at all to completely confident."),
}


def summary_of(question: Question) -> str:
    """What the settings of this question come to, on one line; empty where there is nothing to say."""
    settings = settings_of(question)
    match QuestionKind(question.kind):
        case QuestionKind.OPEN_TEXT:
            return _limits(settings["least_characters"], settings["most_characters"])
        case QuestionKind.ELEMENTS:
            return " · ".join(element["label"] for element in settings["elements"])
        case QuestionKind.PRIORITIES:
            least, most = settings["least"], settings["most"]
            if least == most:
                return ngettext("%(n)s priority", "%(n)s priorities", most)
            return _("%(least)s to %(most)s priorities", least=least, most=most)
        case QuestionKind.FORK:
            return f"{settings['left']} ↔ {settings['right']}"
        case QuestionKind.RANKING:
            return " · ".join(item["label"] for item in settings["items"])
        case QuestionKind.STAGE_CHOICE:
            return " · ".join(dimension["label"] for dimension in settings["dimensions"])
        case _:
            return ""


def condition_words(question: Question, questions: Sequence[Question]) -> str:
    """Of whom this question is asked; empty where it is asked of everybody."""
    condition = question.condition
    if condition is None:
        return ""
    about = next((other for other in questions if other.key == condition["question"]), None)
    if about is None:
        return ""
    what = _("question %(n)s", n=about.position)
    dimension = next(
        (
            dimension["label"]
            for dimension in settings_of(about).get("dimensions", [])
            if dimension["key"] == condition.get("dimension")
        ),
        None,
    )
    if dimension:
        what = _("%(question)s (%(dimension)s)", question=what, dimension=dimension)
    unit = {
        QuestionKind.FORK: _("step %(n)s", n=condition["value"]),
        QuestionKind.STAGE_CHOICE: _("stage %(n)s", n=condition["value"]),
    }.get(QuestionKind(about.kind), _("level %(n)s", n=condition["value"]))
    sentence = {
        "at_most": _l("Asked only of those who choose %(step)s or lower in %(question)s."),
        "at_least": _l("Asked only of those who choose %(step)s or higher in %(question)s."),
    }.get(condition["is"], _l("Asked only of those who choose %(step)s in %(question)s."))
    return str(sentence) % {"step": unit, "question": what}


def _limits(least: int | None, most: int | None) -> str:
    if least and most:
        return _(
            "At least %(least)s and at most %(most)s characters.", least=number(least), most=number(most)
        )
    if least:
        return _("At least %(least)s characters.", least=number(least))
    return _("At most %(most)s characters.", most=number(most)) if most else ""


def digest_of(questions: Sequence[Question]) -> str:
    """Changes with anything that people would read or be asked."""
    seen = [
        [
            q.position,
            q.key,
            q.kind,
            q.prompt,
            q.hint,
            q.is_required,
            settings_of(q),
            q.condition,
            q.translations,
        ]
        for q in questions
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]
