"""The part "questions" of a report as its page, and every export, says it. Nothing is computed but words and order.

present_questions(document)    every question of the round that is read in a section of its own, in the order of
                               the report: elements, priorities, forks, rankings, maturity, confidence, texts
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from app.languages import SOURCE, language, ngettext
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.reports import numbers as wording
from app.reports.questions import SECTION
from app.surveys.models import QuestionKind

Document: TypeAlias = dict[str, Any]

# The order of section 6 of the report; a kind that is not here has no section of its own.
ORDER = (
    QuestionKind.ELEMENTS,
    QuestionKind.PRIORITIES,
    QuestionKind.FORK,
    QuestionKind.RANKING,
    QuestionKind.STAGE_CHOICE,
    QuestionKind.CONFIDENCE,
    QuestionKind.OPEN_TEXT,
)

# What r_wg is called from which value on (LeBreton and Senter 2008, Organizational Research Methods 11, 815-852).
AGREEMENT_WORDS = (
    (0.91, _l("very strong"), _l("Very strong agreement.")),
    (0.71, _l("strong"), _l("Strong agreement.")),
    (0.51, _l("moderate"), _l("Moderate agreement.")),
    (0.31, _l("weak"), _l("Weak agreement.")),
    (0.0, _l("hardly any"), _l("Hardly any agreement.")),
)
WEAK_FROM = 0.31


@dataclass(frozen=True)
class QuestionView:
    """One question: `found` is its entry of the document, `people` the labels of the people where names are shown."""

    number: int
    found: Document
    people: tuple[str, ...]

    @property
    def id(self) -> str:
        """For anchors and figures: the key of a question is a plain word."""
        return f"question-{self.found['key']}"

    @property
    def kind(self) -> QuestionKind:
        return QuestionKind(self.found["kind"])

    @property
    def prompt(self) -> str:
        return str(self.found["prompt"])

    @property
    def settings(self) -> Document:
        settings = self.found["settings"]
        assert isinstance(settings, dict)
        return settings

    @property
    def is_withheld(self) -> bool:
        return bool(self.found["is_withheld"])

    @property
    def results(self) -> Document | None:
        results = self.found["results"]
        assert results is None or isinstance(results, dict)
        return results

    @property
    def turnout(self) -> str:
        """ "Eight of nine answered; one left it blank." """
        found = self.found
        asked, answered = found["n_asked"], found["n_answered"]
        if not asked:
            return _("Nobody was asked.")
        parts = [
            ngettext(
                "One of %(total)s answered",
                "%(number)s of %(total)s answered",
                answered,
                number=wording.capital(wording.number(answered)),
                total=wording.number(asked),
            )
        ]
        if found["n_blank"]:
            n = found["n_blank"]
            parts.append(
                ngettext("one left it blank", "%(number)s left it blank", n, number=wording.number(n))
            )
        if found["n_not_asked"]:
            n = found["n_not_asked"]
            parts.append(
                ngettext("one was not asked", "%(number)s were not asked", n, number=wording.number(n))
            )
        return "; ".join(parts) + "."

    @property
    def sentence(self) -> str | None:
        """What the answers say, in a sentence or two; None where there is nothing to say."""
        if self.results is None:
            return None
        say = _SENTENCES.get(self.kind)
        return say(self) if say else None

    def name_of(self, person: int | None) -> str | None:
        return None if person is None or not self.people else self.people[person]

    def names_of(self, people: list[int] | None) -> str:
        return ", ".join(self.people[person] for person in people or () if self.people)

    def names_at(self, step: int, by_person: list[Document] | None = None) -> str:
        """Who picked this step, where names are shown."""
        found = by_person if by_person is not None else (self.results or {}).get("by_person")
        return self.names_of([entry["person"] for entry in found or () if entry["step"] == step])

    def label_of(self, key: str) -> str:
        """The label of an element, a ranked item or a dimension."""
        for name in ("elements", "items", "dimensions"):
            for entry in self.settings.get(name, ()):
                if entry["key"] == key:
                    return str(entry["label"])
        return key

    def stage_names(self, key: str) -> tuple[str, ...]:
        dimension = next(found for found in self.settings["dimensions"] if found["key"] == key)
        return tuple(str(stage["name"]) for stage in dimension["stages"])

    def stage_words(self, dimension: Document) -> str:
        """The stage that the middle of the group names: "Cadenced", or "between Reactive and Cadenced"."""
        names = self.stage_names(dimension["key"])
        named = [names[stage - 1] for stage in dimension["stages"]]
        if not named:
            return _("nobody chose")
        if len(named) == 1:
            return str(named[0])
        return _("between %(lower)s and %(upper)s", lower=named[0], upper=named[1])

    # For templates, which import nothing.
    @staticmethod
    def agreement_words(r_wg: Document) -> str:
        return agreement_words(r_wg)

    @staticmethod
    def decimal(value: float | None) -> str:
        return decimal(value)

    @staticmethod
    def span(estimate: Document) -> str:
        return span(estimate)


def present_questions(document: Document) -> tuple[QuestionView, ...]:
    """Old documents have no such part: then there is nothing."""
    people = tuple(str(person["label"]) for person in document.get("people", ()))
    views = [
        QuestionView(number, found, people)
        for number, found in enumerate(document.get("questions", ()), start=1)
        if found["read_as"] == SECTION and QuestionKind(found["kind"]) in ORDER
    ]
    return tuple(sorted(views, key=lambda view: (ORDER.index(view.kind), _sharpest_first(view), view.number)))


def of_kind(questions: tuple[QuestionView, ...], kind: str) -> list[QuestionView]:
    return [question for question in questions if question.kind == kind]


def agreement_words(r_wg: Document) -> str:
    """r_wg in words: "strong", "hardly any"; or why there are none."""
    if r_wg["estimate"] is None:
        return _("too few to tell")
    return next(str(words) for least, words, _sentence in AGREEMENT_WORDS if r_wg["estimate"] >= least)


def decimal(value: float | None) -> str:
    """A coefficient between 0 and 1 to two places, as it is written in papers: ".32"; "1.00" and "0" stay whole."""
    if value is None:
        return _("not known")
    text = f"{value:.2f}"
    if language() != SOURCE:
        return wording.decimals(text).replace("-", "\N{MINUS SIGN}")
    return text.replace("0.", ".", 1).replace("-", "\N{MINUS SIGN}") if abs(value) < 0.995 else text


def span(estimate: Document) -> str:
    """A coefficient with its 80 % interval: ".32 (.10 to .61)"."""
    if estimate["estimate"] is None:
        return _("too few to tell")
    return _(
        "%(estimate)s (%(low)s to %(high)s)",
        **{key: decimal(estimate[key]) for key in ("estimate", "low", "high")},
    )


def _sharpest_first(view: QuestionView) -> float:
    """Among forks the one that divides most comes first; everything else keeps the order of the round."""
    if view.kind != QuestionKind.FORK or view.results is None:
        return 0.0
    return -float(view.results["polarisation"]["estimate"] or 0.0)


# --- Sentences -----------------------------------------------------------------------------------------------------


def _say_fork(view: QuestionView) -> str:
    results, settings = view.results or {}, view.settings
    counts = results["counts"]
    left, middle, right = sum(counts[:3]), counts[3], sum(counts[4:])
    parts = [
        ngettext("one for “%(pole)s”", "%(number)s for “%(pole)s”", n, number=wording.number(n), pole=pole)
        for n, pole in ((left, settings["left"]), (right, settings["right"]))
        if n
    ]
    if middle:
        parts.append(
            ngettext(
                "one half way between", "%(number)s half way between", middle, number=wording.number(middle)
            )
        )
    return f"{wording.capital(wording.listed(parts))}. {_how_united(results, left, right)}"


def _how_united(results: Document, left: int, right: int) -> str:
    """Two camps, one camp with somebody far from it, or how far people agree. r_wg alone would call seven against one
    "hardly any agreement", because it counts how far away the one is."""
    n, r_wg = results["n"], results["r_wg"]
    if min(left, right) >= max(2, n / 3):
        return _("You stand on both sides.")
    if r_wg["estimate"] is None:
        return _("These are too few to tell how far you agree.")
    if r_wg["estimate"] < WEAK_FROM and max(left, right) >= 2 * n / 3:
        return _("Most stand on one side, and somebody stands far from them.")
    return next(str(said) for least, _words, said in AGREEMENT_WORDS if r_wg["estimate"] >= least)


def _say_confidence(view: QuestionView) -> str:
    results, steps = view.results or {}, view.settings["steps"]
    nearest = steps[int(results["mean"] + 0.5) - 1]
    sure = sum(results["counts"][3:])
    return ngettext(
        "On average %(step)s (%(mean)s of 5). One of %(total)s is very or completely confident.",
        "On average %(step)s (%(mean)s of 5). %(number)s of %(total)s are very or completely confident.",
        sure,
        step=nearest.lower() if language() == SOURCE else nearest,
        mean=wording.decimals(f"{results['mean']:.1f}"),
        number=wording.capital(wording.number(sure)),
        total=wording.number(results["n"]),
    )


def _say_priorities(view: QuestionView) -> str:
    found = view.results or {}
    distinct = found["distinct"]
    n = distinct["estimate"]
    number = ngettext("one distinct priority", "%(number)s distinct priorities", n, number=wording.number(n))
    words = {
        "lists": wording.capital(
            ngettext("one list", "%(number)s lists", found["n"], number=wording.number(found["n"]))
        ),
        "priorities": number,
    }
    if found["n"] < 2:
        return _("%(lists)s: %(priorities)s.", **words)
    if distinct["low"] != distinct["high"]:
        words["priorities"] = _(
            "%(priorities)s (%(low)s to %(high)s, by how strictly wordings are matched)",
            priorities=number,
            low=wording.number(distinct["low"]),
            high=wording.number(distinct["high"]),
        )
    words |= {
        place: wording.number(found[key]) if found[key] else _("none")
        for place, key in (("every", "on_every_list"), ("most", "on_two_thirds"), ("one", "on_one_list"))
    }
    return _(
        "%(lists)s hold %(priorities)s: %(every)s on every list, %(most)s on at least two thirds of them, %(one)s on one list only.",
        **words,
    )


def _say_ranking(view: QuestionView) -> str:
    found = view.results or {}
    if found["w"] is None:
        return _("Too few rankings to tell how far they agree.")
    words = {
        "first": view.label_of(found["items"][0]["key"]),
        "last": view.label_of(found["items"][-1]["key"]),
    }
    if found["p_value"] > 0.05:
        return _(
            "On average “%(first)s” comes first and “%(last)s” last, but your rankings agree no more than rankings drawn by lot might.",
            **words,
        )
    return _(
        "On average “%(first)s” comes first and “%(last)s” last. You agree more than rankings drawn by lot would.",
        **words,
    )


def _say_maturity(view: QuestionView) -> str:
    dimensions = [d for d in (view.results or {})["dimensions"] if not d["is_withheld"] and d["n"]]
    if not dimensions:
        return _("Too few chose a stage to say which one the group names.")
    parts = [f"{view.label_of(d['key'])}: {view.stage_words(d)}" for d in dimensions]
    known = [d for d in dimensions if d["r_wg"]["estimate"] is not None]
    least = min(known, key=lambda d: d["r_wg"]["estimate"], default=None)
    said = "; ".join(parts) + "."
    if least is None or len(known) < 2 or least["r_wg"]["estimate"] > 0.7:
        return said
    label = view.label_of(least["key"])
    least_on = _("You agree least on %(what)s.", what=label.lower() if language() == SOURCE else label)
    return f"{said} {least_on}"


def _say_elements(view: QuestionView) -> str:
    elements = [e for e in (view.results or {})["elements"] if e["agreement"]["estimate"] is not None]
    if not elements:
        return _("Too few wrote about any one element to tell how far you agree on it.")
    ordered = sorted(elements, key=lambda element: -element["agreement"]["estimate"])
    best, worst = ordered[0], ordered[-1]
    if best is worst:
        return _(
            "Only “%(what)s” was mentioned by enough people to measure it.", what=view.label_of(best["key"])
        )
    said = _(
        "You agree most on “%(most)s” and least on “%(least)s”.",
        most=view.label_of(best["key"]),
        least=view.label_of(worst["key"]),
    )
    nobody = [
        _("“%(what)s”", what=view.label_of(e["key"]))
        for e in (view.results or {})["elements"]
        if not e["n_mentioned"]
    ]
    return f"{said} {_('Nobody mentions %(what)s.', what=wording.listed(nobody))}" if nobody else said


_SENTENCES = {
    QuestionKind.FORK: _say_fork,
    QuestionKind.CONFIDENCE: _say_confidence,
    QuestionKind.PRIORITIES: _say_priorities,
    QuestionKind.RANKING: _say_ranking,
    QuestionKind.STAGE_CHOICE: _say_maturity,
    QuestionKind.ELEMENTS: _say_elements,
}
