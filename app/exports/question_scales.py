"""Questions with steps, ranks and stages: trade-offs, confidence, rankings, maturity."""

from __future__ import annotations

from typing import Any

from app.exports.content import Bars, Block, Column, Figure, Series, Table, Text, Value
from app.reports.sections import QuestionView

Found = dict[str, Any]


def sentence_of(question: QuestionView) -> tuple[Text, ...]:
    return (Text(question.sentence),) if question.sentence else ()


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
    return (figure, *sentence_of(question))


def fork(question: QuestionView, found: Found) -> tuple[Block, ...]:
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


def confidence(question: QuestionView, found: Found) -> tuple[Block, ...]:
    return _scale(
        question,
        found,
        list(question.settings["steps"]),
        "How confident you are",
        "How many of you picked each of the five steps.",
        "confidence",
    )


def ranking(question: QuestionView, found: Found) -> tuple[Block, ...]:
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
        return (figure, *sentence_of(question))
    return (
        figure,
        *sentence_of(question),
        Text(
            f"Kendall’s W is {question.decimal(found['w'])}; the mean correlation between two of you is "
            f"{question.decimal(found['mean_correlation'])}.",
            "soft",
        ),
    )


def maturity(question: QuestionView, found: Found) -> tuple[Block, ...]:
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
    return (figure, *sentence_of(question))
