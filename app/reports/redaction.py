"""Words that are not to be shown, taken out of a report's document: what is counted stays counted. Pure.

The document itself is never changed: `redact` gives another one, in which [not shown] stands instead of the words,
wherever they stood: in the answer, in the themes that quote it, in labels made of it, in the lists of other questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.languages import gettext, marked

# What stands instead of the words, in the language that is spoken: `gettext(NOT_SHOWN)`.
NOT_SHOWN = marked("[not shown]")
LABEL_WORDS = 8

Document: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Hidden:
    """Either an answer to the main question (text: words of it; None: all of it), or one text given to another."""

    answer: int | None = None
    question: str | None = None
    text: str | None = None


def redact(document: Document, hidden: Sequence[Hidden]) -> Document:
    """The document without these words. Places of characters are those of the new texts."""
    statements = document["statements"]
    cuts: dict[int, _Cuts] = {}
    for number in {each.answer for each in hidden if each.answer is not None}:
        text = statements[number]["text"]
        wanted = [each.text for each in hidden if each.answer == number]
        cuts[number] = _Cuts(text, [span for words in wanted for span in _spans(text, words)])
    made = {
        **document,
        "statements": [
            {**statement, "text": cuts[number].text} if number in cuts else statement
            for number, statement in enumerate(statements)
        ],
        "questions": [
            _without(question, {each.text for each in hidden if each.question == question["key"]})
            for question in document.get("questions") or []
        ],
        "camp_labels": [
            None if label is None else _moved_label(label, cuts)
            for label in document.get("camp_labels") or []
        ],
    }
    if document.get("themes"):
        made["themes"] = _themes(document["themes"], cuts)
    return made


def find_words(question: Document, text: str) -> bool:
    """Does somebody's answer to this question consist of this text?"""
    return text in texts_of(question)


def texts_of(question: Document) -> list[str]:
    """Everything that people wrote in answer to this question, as far as the report quotes it, each text once."""
    results = question["results"] or {}
    said = [
        *results.get("texts", ()),
        *(item for priority in results.get("priorities", ()) for item in priority["items"]),
        *(item for element in results.get("elements", ()) for group in element["groups"] for item in group),
    ]
    return list(dict.fromkeys(str(item["text"]) for item in said))


def _spans(text: str, words: str | None) -> list[Span]:
    if words is None:
        return [(0, len(text))]
    spans, at = [], text.find(words)
    while at >= 0:
        spans.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return spans


class _Cuts:
    """A text with some of its words replaced by [not shown]; where each place of the old text is in the new one."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(spans):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))
        parts, at = [], 0
        for start, end in self.spans:
            parts += [text[at:start], gettext(NOT_SHOWN)]
            at = end
        self.text = "".join([*parts, text[at:]])

    def moved(self, start: int, end: int) -> Span:
        """Where these characters are now; of hidden ones, where [not shown] stands."""
        return self._place(start, is_end=False), self._place(end, is_end=True)

    def touches(self, start: int, end: int) -> bool:
        return any(low < end and start < high for low, high in self.spans)

    def covers(self, start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high in self.spans)

    def _place(self, at: int, *, is_end: bool) -> int:
        shift = 0
        for low, high in self.spans:
            if low < at <= high if is_end else low <= at < high:
                return low + shift + (len(gettext(NOT_SHOWN)) if is_end else 0)
            if at >= high:
                shift += len(gettext(NOT_SHOWN)) - (high - low)
        return at + shift


def _moved_label(label: Document, cuts: dict[int, _Cuts]) -> Document | None:
    """A label of a camp is words of one answer; None where they are not to be shown."""
    cut = cuts.get(label["answer"])
    if cut is None:
        return label
    if cut.touches(label["start"], label["end"]):
        return None
    start, end = cut.moved(label["start"], label["end"])
    return {**label, "start": start, "end": end}


def _themes(themes: Document, cuts: dict[int, _Cuts]) -> Document:
    pieces = []
    covered: set[int] = set()
    for number, piece in enumerate(themes["pieces"]):
        cut = cuts.get(piece["answer"])
        if cut is not None:
            start, end = cut.moved(piece["start"], piece["end"])
            if cut.covers(piece["start"], piece["end"]):
                covered.add(number)
            piece = {**piece, "start": start, "end": end, "text": cut.text[start:end]}
        pieces.append(piece)
    return {
        **themes,
        "pieces": pieces,
        "themes": [_theme(theme, pieces, covered, cuts) for theme in themes["themes"]],
    }


def _theme(theme: Document, pieces: list[Document], covered: set[int], cuts: dict[int, _Cuts]) -> Document:
    if not any(pieces[k]["answer"] in cuts for k in theme["pieces"]):
        return theme
    left = [k for k in theme["pieces"] if k not in covered]
    said = " ".join(pieces[k]["text"] for k in left).casefold()
    central = theme["central"] if theme["central"] in left or not left else left[0]
    made = {**theme, "central": central, "terms": [t for t in theme["terms"] if t.casefold() in said]}
    place = theme.get("label_at") or {"answer": pieces[theme["central"]]["answer"], "start": 0, "end": 0}
    cut = cuts.get(place["answer"])
    if cut is not None and cut.touches(place["start"], place["end"]):
        words = pieces[central]["text"].split()
        made["label"] = " ".join(words[:LABEL_WORDS])
        at = pieces[central]["start"]
        made["label_at"] = {"answer": pieces[central]["answer"], "start": at, "end": pieces[central]["end"]}
    elif cut is not None:
        start, end = cut.moved(place["start"], place["end"])
        made["label_at"] = {**place, "start": start, "end": end}
    return made


def _without(question: Document, texts: set[str | None]) -> Document:
    results = question["results"]
    if not texts or not results:
        return question

    def item(said: Document) -> Document:
        return {**said, "text": gettext(NOT_SHOWN)} if said["text"] in texts else said

    made = dict(results)
    if "texts" in results:
        made["texts"] = [item(said) for said in results["texts"]]
    if "priorities" in results:
        made["priorities"] = [
            {
                **priority,
                "items": [item(said) for said in priority["items"]],
                "label": next(
                    (text for text in (priority["label"], *_items(priority)) if text not in texts),
                    gettext(NOT_SHOWN),
                ),
            }
            for priority in results["priorities"]
        ]
    if "elements" in results:
        made["elements"] = [
            {**element, "groups": [[item(said) for said in group] for group in element["groups"]]}
            for element in results["elements"]
        ]
    return {**question, "results": made}


def _items(priority: Document) -> list[str]:
    return [said["text"] for said in priority["items"]]
