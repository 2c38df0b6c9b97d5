"""The sentence at the top of a report. The document has it in English; another language composes it from the numbers."""

from __future__ import annotations

from typing import Any

from app.languages import SOURCE, language, ngettext
from app.languages import gettext as _
from app.reports.numbers import capital, listed, number, percent
from app.surveys.models import QuestionKind

Document = dict[str, Any]


def say_headline(document: Document) -> str:
    analysis = document["analysis"]
    if language() == SOURCE:
        return str(analysis["headline"]["sentence"])
    if not document.get("has_statements", True):
        return _without_statements(document)
    n, n_read = analysis["n"], analysis["n_read"]
    if n == 0:
        return _("Nobody has answered yet.")
    who = _who(n)
    if n_read == 0:
        return ngettext(
            "%(who)s, and the answer could not be read.",
            "%(who)s, and none of the answers could be read.",
            n,
            who=who,
        )
    strategies, agreement = analysis["strategies"]["estimate"], analysis["agreement"]["estimate"]
    if strategies is None or agreement is None:
        if n_read < n:
            return ngettext(
                "%(who)s, one answer that can be read: too few to tell.",
                "%(who)s, %(number)s answers that can be read: too few to tell.",
                n_read,
                who=who,
                number=number(n_read),
            )
        return ngettext(
            "%(who)s, one answer: too few to tell.",
            "%(who)s, %(number)s answers: too few to tell.",
            n_read,
            who=who,
            number=number(n_read),
        )
    return ngettext(
        "%(who)s, one strategy: pick any two, and the chance that they name the same one is %(chance)s",
        "%(who)s, %(number)s strategies: pick any two, and the chance that they name the same one is %(chance)s",
        strategies,
        who=who,
        number=number(strategies),
        chance=percent(agreement),
    )


def range_words(analysis: Document) -> str | None:
    """The plausible numbers of strategies, where they are more than one."""
    low, high = analysis["strategies"]["low"], analysis["strategies"]["high"]
    if low is None or high is None or low >= high:
        return None
    return _("%(low)s to %(high)s", low=number(low), high=number(high))


def _who(n: int) -> str:
    return capital(ngettext("one executive", "%(number)s executives", n, number=number(n)))


def _without_statements(document: Document) -> str:
    """A round that did not ask for the strategy: what there is to read."""
    n = document["round"]["n_answered"]
    if not n:
        return _("Nobody has answered.")
    kinds = [QuestionKind(question["kind"]) for question in document["questions"]]
    asked = [_counted(kind, kinds.count(kind)) for kind in QuestionKind if kind in kinds]
    return _("%(who)s: %(what)s.", who=_who(n), what=listed([words for words in asked if words]))


def _counted(kind: QuestionKind, n: int) -> str:
    values = {"number": number(n)}
    match kind:
        case QuestionKind.OPEN_TEXT:
            return ngettext("one open question", "%(number)s open questions", n, **values)
        case QuestionKind.ELEMENTS:
            return ngettext(
                "one question on the parts of the strategy",
                "%(number)s questions on the parts of the strategy",
                n,
                **values,
            )
        case QuestionKind.PRIORITIES:
            return ngettext("one list of priorities", "%(number)s lists of priorities", n, **values)
        case QuestionKind.FORK:
            return ngettext("one fork", "%(number)s forks", n, **values)
        case QuestionKind.RANKING:
            return ngettext("one ranking", "%(number)s rankings", n, **values)
        case QuestionKind.STAGE_CHOICE:
            return ngettext("one maturity matrix", "%(number)s maturity matrices", n, **values)
        case QuestionKind.PERCEPTION_GUESS:
            return ngettext("one guess", "%(number)s guesses", n, **values)
        case QuestionKind.CONFIDENCE:
            return ngettext("one question on confidence", "%(number)s questions on confidence", n, **values)
        case _:
            return ""
