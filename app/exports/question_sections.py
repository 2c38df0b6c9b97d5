"""What was asked beside the strategy: one section for each kind of question, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.exports import question_scales
from app.exports.content import (
    Bars,
    Block,
    Column,
    Figure,
    Group,
    Quoted,
    Section,
    Series,
    Table,
    Text,
    Value,
)
from app.exports.question_scales import sentence_of
from app.reports.models import ReportSection
from app.reports.presenting import ReportView
from app.reports.sections import QuestionView, of_kind
from app.surveys.models import QuestionKind

Found = dict[str, Any]
WITHHELD = "Too few people answered this question. In this mode nothing is shown of so few answers."


@dataclass(frozen=True)
class _Kind:
    """The section of one kind of question. picture: its name in templates/exports/_pictures.html."""

    kind: QuestionKind
    title: str
    lead: str
    draw: Callable[[QuestionView, Found], tuple[Block, ...]]


def question_sections(report: ReportView) -> tuple[Section, ...]:
    asked = report.questions
    return tuple(
        Section(
            key=str(kind.kind).replace("_", "-"),
            part=ReportSection.ELEMENTS,
            title=kind.title,
            lead=kind.lead,
            blocks=tuple(
                block for question in of_kind(asked, kind.kind) for block in _question(question, kind)
            ),
        )
        for kind in KINDS
        if of_kind(asked, kind.kind)
    )


def _question(question: QuestionView, kind: _Kind) -> tuple[Block, ...]:
    head: tuple[Block, ...] = (Text(question.prompt, "lead"), Text(question.turnout, "soft"))
    if question.is_withheld:
        return (*head, Text(WITHHELD))
    if question.results is None:
        return (*head, Text("Nobody answered this question."))
    return (*head, *kind.draw(question, question.results))


def _elements(question: QuestionView, found: Found) -> tuple[Block, ...]:
    elements = found["elements"]
    labels = [question.label_of(element["key"]) for element in elements]
    drawn = [
        (label, e)
        for label, e in zip(labels, elements, strict=True)
        if e["agreement"]["estimate"] is not None
    ]
    figure = Figure(
        key=question.id,
        title="Agreement on each part",
        definition=(
            "Among those who mention a part: pick any two, the chance that they say the same. The line is its 80 % "
            "interval. Who does not mention a part has not disagreed on it."
        ),
        table=Table(
            "Agreement on each part, with 80 % intervals",
            (
                Column("Part"),
                Column("Mention it", "count"),
                Column("Of", "count"),
                Column("Agreement", "share"),
                Column("Low", "share"),
                Column("High", "share"),
            ),
            tuple(
                (
                    label,
                    e["n_mentioned"],
                    e["n"],
                    e["agreement"]["estimate"],
                    e["agreement"]["low"],
                    e["agreement"]["high"],
                )
                for label, e in zip(labels, elements, strict=True)
            ),
        ),
        picture="elements",
        is_drawing=True,
        charts=(
            Bars(
                tuple(label for label, _ in drawn),
                (
                    Series(
                        "Agreement",
                        tuple(e["agreement"]["estimate"] for _, e in drawn),
                        tuple(e["agreement"]["low"] for _, e in drawn),
                        tuple(e["agreement"]["high"] for _, e in drawn),
                    ),
                ),
                kind="share",
            ),
        )
        if drawn
        else (),
    )
    groups = tuple(
        Group(
            title=label,
            aside=f"{element['n_mentioned']} of {element['n']} mention it"
            + ("; too few wrote about it, so nothing is shown of it" if element["is_withheld"] else ""),
            first=_said(question, [group[0] for group in element["groups"][:1]]),
            others=_said(
                question,
                [
                    *(said for group in element["groups"][:1] for said in group[1:]),
                    *(said for group in element["groups"][1:] for said in group),
                ],
            ),
        )
        for label, element in zip(labels, elements, strict=True)
    )
    return (figure, *sentence_of(question), *groups)


def _said(question: QuestionView, said: list[Found]) -> tuple[Quoted, ...]:
    return tuple(Quoted(each["text"], question.name_of(each["person"]) or "") for each in said)


def _priorities(question: QuestionView, found: Found) -> tuple[Block, ...]:
    counts = found["by_lists"]
    shown = [
        k for k in range(len(counts), 0, -1) if len(counts) <= 12 or counts[k - 1] or k in (1, len(counts))
    ]
    names = [_lists(k, len(counts)) for k in shown]
    priorities = found["priorities"]
    has_names = bool(question.people)
    figure = Figure(
        key=question.id,
        title="How many lists a priority stands on",
        definition=(
            "The judge puts items together that mean the same; two items of one list are never put together. Most "
            "priorities on one list only means: most are one person’s own."
        ),
        table=Table(
            "Distinct priorities by the number of lists that hold them",
            (Column("Lists"), Column("Priorities", "count")),
            tuple((name, counts[k - 1]) for name, k in zip(names, shown, strict=True)),
        ),
        picture="priorities",
        is_drawing=True,
        charts=(Bars(tuple(names), (Series("Priorities", tuple(counts[k - 1] for k in shown)),)),),
        note=(
            "Matched by the judge, which was trained on statements of strategy: a short item can be put with the wrong "
            "ones, so read the wordings."
            if found["is_judged"]
            else "With so many items only those in the same words were matched."
        ),
    )
    rows: list[tuple[Value, ...]] = [
        (
            priority["label"],
            priority["n_lists"],
            *((question.names_of(priority["people"]),) if has_names else ()),
            " · ".join(item["text"] for item in priority["items"] if item["text"] != priority["label"]),
        )
        for priority in priorities
    ]
    table = Table(
        "Every priority",
        (
            Column("Priority"),
            Column("Lists", "count"),
            *((Column("Who"),) if has_names else ()),
            Column("In other words"),
        ),
        tuple(rows),
    )
    return (figure, *sentence_of(question), table)


def _lists(k: int, n: int) -> str:
    if k == n and n > 1:
        return "On every list"
    return "On one list only" if k == 1 else f"On {k} lists"


def _texts(question: QuestionView, found: Found) -> tuple[Block, ...]:
    said = _said(question, found["texts"])
    return (Group(title="Answers", aside=f"{len(said)} in all", first=said[:1], others=said[1:]),)


KINDS = (
    _Kind(
        QuestionKind.ELEMENTS,
        "The parts of the strategy",
        "Where the agreement breaks: each part was asked for on its own.",
        _elements,
    ),
    _Kind(
        QuestionKind.PRIORITIES,
        "Priorities",
        "Every list, matched across people: what is on all of them, and what one person alone has written down.",
        _priorities,
    ),
    _Kind(
        QuestionKind.FORK,
        "Trade-offs",
        "Choices asked outright, in seven steps between two poles. The one that divides you most comes first.",
        question_scales.fork,
    ),
    _Kind(
        QuestionKind.RANKING,
        "Rankings",
        "The same items, put in order by each of you.",
        question_scales.ranking,
    ),
    _Kind(
        QuestionKind.STAGE_CHOICE,
        "Maturity",
        "Which stage each of you sees the company at.",
        question_scales.maturity,
    ),
    _Kind(QuestionKind.CONFIDENCE, "Confidence", "", question_scales.confidence),
    _Kind(QuestionKind.OPEN_TEXT, "Further answers", "", _texts),
)
