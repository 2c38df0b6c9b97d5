"""The part "questions" of a report as its page, and every export, says it. Nothing is computed but words and order.

present_questions(document)    every question of the round that is read in a section of its own, in the order of
                               the report: elements, priorities, forks, rankings, maturity, confidence, texts
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from app.analysis import wording
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
    (0.91, "very strong"),
    (0.71, "strong"),
    (0.51, "moderate"),
    (0.31, "weak"),
    (0.0, "hardly any"),
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
        parts = [f"{wording.capital(wording.number(answered))} of {wording.number(asked)} answered"]
        if not asked:
            return "Nobody was asked."
        if found["n_blank"]:
            parts.append(f"{wording.number(found['n_blank'])} left it blank")
        if found["n_not_asked"]:
            not_asked = found["n_not_asked"]
            parts.append(f"{wording.number(not_asked)} {'was' if not_asked == 1 else 'were'} not asked")
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
            return "nobody chose"
        return named[0] if len(named) == 1 else f"between {named[0]} and {named[1]}"

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
        return "too few to tell"
    return next(words for least, words in AGREEMENT_WORDS if r_wg["estimate"] >= least)


def decimal(value: float | None) -> str:
    """A coefficient between 0 and 1 to two places, as it is written in papers: ".32"; "1.00" and "0" stay whole."""
    if value is None:
        return "not known"
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1).replace("-", "\N{MINUS SIGN}") if abs(value) < 0.995 else text


def span(estimate: Document) -> str:
    """A coefficient with its 80 % interval: ".32 (.10 to .61)"."""
    if estimate["estimate"] is None:
        return "too few to tell"
    return f"{decimal(estimate['estimate'])} ({decimal(estimate['low'])} to {decimal(estimate['high'])})"


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
        f"{wording.number(n)} for “{pole}”"
        for n, pole in ((left, settings["left"]), (right, settings["right"]))
        if n
    ]
    if middle:
        parts.append(f"{wording.number(middle)} half way between")
    return f"{wording.capital(wording.listed(parts))}. {_how_united(results, left, right)}"


def _how_united(results: Document, left: int, right: int) -> str:
    """Two camps, one camp with somebody far from it, or how far people agree. r_wg alone would call seven against one
    "hardly any agreement", because it counts how far away the one is."""
    n, r_wg = results["n"], results["r_wg"]
    if min(left, right) >= max(2, n / 3):
        return "You stand on both sides."
    if r_wg["estimate"] is None:
        return "These are too few to tell how far you agree."
    if r_wg["estimate"] < WEAK_FROM and max(left, right) >= 2 * n / 3:
        return "Most stand on one side, and somebody stands far from them."
    return f"{wording.capital(agreement_words(r_wg))} agreement."


def _say_confidence(view: QuestionView) -> str:
    results, steps = view.results or {}, view.settings["steps"]
    nearest = steps[int(results["mean"] + 0.5) - 1].lower()
    sure = sum(results["counts"][3:])
    return (
        f"On average {nearest} ({results['mean']:.1f} of 5). {wording.capital(wording.number(sure))} of "
        f"{wording.number(results['n'])} {'is' if sure == 1 else 'are'} very or completely confident."
    )


def _say_priorities(view: QuestionView) -> str:
    found = view.results or {}
    distinct = found["distinct"]
    number = wording.counted(distinct["estimate"], "distinct priority", "distinct priorities")
    lists = wording.counted(found["n"], "list", "lists")
    if found["n"] < 2:
        return f"{wording.capital(lists)}: {number}."
    every, one = found["on_every_list"], found["on_one_list"]
    between = (
        f" ({wording.number(distinct['low'])} to {wording.number(distinct['high'])}, by how strictly wordings are matched)"
        if distinct["low"] != distinct["high"]
        else ""
    )
    return (
        f"{wording.capital(lists)} hold {number}{between}: "
        f"{wording.number(every) if every else 'none'} on every list, "
        f"{wording.number(found['on_two_thirds']) if found['on_two_thirds'] else 'none'} on at least two thirds of "
        f"them, {wording.number(one) if one else 'none'} on one list only."
    )


def _say_ranking(view: QuestionView) -> str:
    found = view.results or {}
    if found["w"] is None:
        return "Too few rankings to tell how far they agree."
    first = view.label_of(found["items"][0]["key"])
    last = view.label_of(found["items"][-1]["key"])
    chance = found["p_value"]
    if chance > 0.05:
        return (
            f"On average “{first}” comes first and “{last}” last, but your rankings agree no more than rankings drawn "
            "by lot might."
        )
    return f"On average “{first}” comes first and “{last}” last. You agree more than rankings drawn by lot would."


def _say_maturity(view: QuestionView) -> str:
    dimensions = [d for d in (view.results or {})["dimensions"] if not d["is_withheld"] and d["n"]]
    if not dimensions:
        return "Too few chose a stage to say which one the group names."
    parts = [f"{view.label_of(d['key'])}: {view.stage_words(d)}" for d in dimensions]
    known = [d for d in dimensions if d["r_wg"]["estimate"] is not None]
    least = min(known, key=lambda d: d["r_wg"]["estimate"], default=None)
    said = "; ".join(parts) + "."
    if least is None or len(known) < 2 or least["r_wg"]["estimate"] > 0.7:
        return said
    return f"{said} You agree least on {view.label_of(least['key']).lower()}."


def _say_elements(view: QuestionView) -> str:
    elements = [e for e in (view.results or {})["elements"] if e["agreement"]["estimate"] is not None]
    if not elements:
        return "Too few wrote about any one element to tell how far you agree on it."
    ordered = sorted(elements, key=lambda element: -element["agreement"]["estimate"])
    best, worst = ordered[0], ordered[-1]
    if best is worst:
        return f"Only “{view.label_of(best['key'])}” was mentioned by enough people to measure it."
    said = f"You agree most on “{view.label_of(best['key'])}” and least on “{view.label_of(worst['key'])}”."
    nobody = [
        f"“{view.label_of(e['key'])}”" for e in (view.results or {})["elements"] if not e["n_mentioned"]
    ]
    return f"{said} Nobody mentions {wording.listed(nobody)}." if nobody else said


_SENTENCES = {
    QuestionKind.FORK: _say_fork,
    QuestionKind.CONFIDENCE: _say_confidence,
    QuestionKind.PRIORITIES: _say_priorities,
    QuestionKind.RANKING: _say_ranking,
    QuestionKind.STAGE_CHOICE: _say_maturity,
    QuestionKind.ELEMENTS: _say_elements,
}
