"""What was asked beside the strategy: one section for each kind of question, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from app.reports.models import ReportSection
from app.reports.presenting import ReportView
from app.reports.sections import QuestionView, of_kind
from app.surveys.models import QuestionKind

Found = dict[str, Any]
WITHHELD = "Fewer than five people answered this question. In this mode nothing is shown of so few answers."


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


def _sentence(question: QuestionView) -> tuple[Text, ...]:
    return (Text(question.sentence),) if question.sentence else ()


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
            + (
                "; fewer than five wrote about it, so nothing is shown of it"
                if element["is_withheld"]
                else ""
            ),
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
    return (figure, *_sentence(question), *groups)


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
    return (figure, *_sentence(question), table)


def _lists(k: int, n: int) -> str:
    if k == n and n > 1:
        return "On every list"
    return "On one list only" if k == 1 else f"On {k} lists"


def _scale(
    question: QuestionView, found: Found, names: list[str], title: str, definition: str, picture: str
) -> tuple[Block, ...]:
    has_names = bool(question.people) and found.get("by_person") is not None
    rows: list[tuple[Value, ...]] = [
        (name, count, *((question.names_at(step),) if has_names else ()))
        for step, (name, count) in enumerate(zip(names, found["counts"], strict=True), start=1)
    ]
    figure = Figure(
        key=question.id,
        title=title,
        definition=definition,
        table=Table(
            title,
            (Column("Step"), Column("People", "count"), *((Column("Who"),) if has_names else ())),
            tuple(rows),
        ),
        picture=picture,
        is_drawing=True,
        charts=(Bars(tuple(names), (Series("People", tuple(found["counts"])),)),),
    )
    return (figure, *_sentence(question))


def _fork(question: QuestionView, found: Found) -> tuple[Block, ...]:
    left, right = question.settings["left"], question.settings["right"]
    last = len(found["counts"])
    names = [
        f"{step}: {left}" if step == 1 else f"{step}: {right}" if step == last else str(step)
        for step in range(1, last + 1)
    ]
    blocks = _scale(
        question,
        found,
        names,
        f"{left} or {right}",
        "How many of you picked each step; 1 is all the way to the left pole, 7 to the right one, 4 half way between.",
        "fork",
    )
    if found["r_wg"]["estimate"] is None:
        return blocks
    return (
        *blocks,
        Text(
            f"Agreement within the group (r_wg) {question.span(found['r_wg'])}, polarisation "
            f"{question.span(found['polarisation'])}. The ranges say what other people like you might have answered; with few answers they are rough.",
            "soft",
        ),
    )


def _confidence(question: QuestionView, found: Found) -> tuple[Block, ...]:
    return _scale(
        question,
        found,
        list(question.settings["steps"]),
        "How confident you are",
        "How many of you picked each of the five steps.",
        "confidence",
    )


def _ranking(question: QuestionView, found: Found) -> tuple[Block, ...]:
    items = found["items"]
    labels = [question.label_of(item["key"]) for item in items]
    ranks = len(items)
    figure = Figure(
        key=question.id,
        title="Where each item stands",
        definition="From the best mean rank to the worst, with the best and the worst rank that anybody gave.",
        table=Table(
            "Ranks, by item",
            (
                Column("Item"),
                Column("Mean rank", "decimal"),
                Column("Best rank", "decimal"),
                Column("Worst rank", "decimal"),
                *(Column(f"Rank {rank}", "count") for rank in range(1, ranks + 1)),
            ),
            tuple(
                (label, item["mean"], item["low"], item["high"], *item["counts"])
                for label, item in zip(labels, items, strict=True)
            ),
        ),
        picture="ranking",
        is_drawing=True,
        charts=(
            Bars(
                tuple(labels),
                (
                    Series(
                        "Mean rank",
                        tuple(item["mean"] for item in items),
                        tuple(item["low"] for item in items),
                        tuple(item["high"] for item in items),
                    ),
                ),
                kind="decimal",
            ),
        ),
    )
    if found["w"] is None:
        return (figure, *_sentence(question))
    return (
        figure,
        *_sentence(question),
        Text(
            f"Kendall’s W is {question.decimal(found['w'])}; the mean correlation between two of you is "
            f"{question.decimal(found['mean_correlation'])}.",
            "soft",
        ),
    )


def _maturity(question: QuestionView, found: Found) -> tuple[Block, ...]:
    dimensions = found["dimensions"]
    labels = [question.label_of(dimension["key"]) for dimension in dimensions]
    stages = max((len(question.stage_names(d["key"])) for d in dimensions), default=0)
    figure = Figure(
        key=question.id,
        title="Stage by dimension",
        definition="How many of you chose each stage. The stage that the middle of the group names stands beside it.",
        table=Table(
            "People by dimension and stage",
            (
                Column("Dimension"),
                *(Column(f"Stage {stage}", "count") for stage in range(1, stages + 1)),
                Column("The group’s stage"),
            ),
            tuple(
                (
                    label,
                    *((None,) * stages if d["is_withheld"] else tuple(d["counts"])),
                    "too few to show" if d["is_withheld"] else question.stage_words(d),
                )
                for label, d in zip(labels, dimensions, strict=True)
            ),
        ),
        picture="maturity",
        is_table=True,
        charts=(
            Bars(
                tuple(labels),
                tuple(
                    Series(
                        f"Stage {stage + 1}",
                        tuple(None if d["is_withheld"] else d["counts"][stage] for d in dimensions),
                    )
                    for stage in range(stages)
                ),
                is_stacked=True,
            ),
        ),
    )
    return (figure, *_sentence(question))


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
        _fork,
    ),
    _Kind(QuestionKind.RANKING, "Rankings", "The same items, put in order by each of you.", _ranking),
    _Kind(QuestionKind.STAGE_CHOICE, "Maturity", "Which stage each of you sees the company at.", _maturity),
    _Kind(QuestionKind.CONFIDENCE, "Confidence", "", _confidence),
    _Kind(QuestionKind.OPEN_TEXT, "Further answers", "", _texts),
)
