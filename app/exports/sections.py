"""The report as a list of sections, in reading order: what every export renders.

A new part of the report is one function here, added to SECTIONS. Texts come from the ReportView alone, which
already honours the mode of the round and what the facilitator marked as not to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from app.exports import figures
from app.exports.content import (
    BigNumber,
    Block,
    Bullets,
    Column,
    Figure,
    Fork,
    Group,
    Numbers,
    Quoted,
    Section,
    Side,
    Table,
    Text,
)
from app.exports.meeting_section import meeting_section
from app.exports.method import method_facts
from app.exports.question_sections import question_sections
from app.exports.theme_sections import common_ground, who_says_what
from app.exports.words import asked_words, people, quoted
from app.reports.forks import ForkView
from app.reports.models import ReportSection
from app.reports.presenting import CampView, ReportView, Voice, interval, percent, points
from app.reports.titles import TITLES

# With more members than that, names say nothing.
MOST_NAMES = 40
# More camps, themes or unread answers than that are counted: a report of a thousand must stay readable.
MOST_GROUPS = 40

Builder = Callable[[ReportView], "Section | tuple[Section, ...] | None"]


def build_sections(report: ReportView, shown: Iterable[ReportSection] | None = None) -> tuple[Section, ...]:
    """Every section that has something to say; with `shown`, only of the parts that the team has been shown."""
    if report.is_withheld:
        return ()
    allowed = frozenset(ReportSection) if shown is None else frozenset(shown)
    made: list[Section] = []
    for build in SECTIONS:
        found = build(report)
        made += [] if found is None else found if isinstance(found, tuple) else [found]
    said = meeting_section(report, allowed)
    made += [] if said is None else [said]
    made.append(method(report, allowed))
    return tuple(section for section in _with_comments(made, report) if section.part in allowed)


def _with_comments(sections: Iterable[Section], report: ReportView) -> Iterator[Section]:
    """What the facilitator remarked on a part stands at the end of its first section."""
    waiting = dict(report.comments)
    for section in sections:
        comments = waiting.pop(section.part, ())
        blocks = tuple(Text(f"{comment.made_by} remarks: “{comment.text}”") for comment in comments)
        yield replace(section, blocks=(*section.blocks, *blocks))


def all_figures(report: ReportView) -> tuple[Figure, ...]:
    return tuple(figure for section in build_sections(report) for figure in section.figures)


# --- The sections -------------------------------------------------------------------------------------------------


def asked(report: ReportView) -> Section:
    facts = report.round
    n_silent = facts["n_invited"] - facts["n_answered"]
    blocks: list[Block] = [Text(f"“{facts['question']}”", "lead")] if facts["question"] else []
    blocks.append(Text(asked_words(report)))
    if n_silent > 0:
        blocks.append(
            Text(
                f"{n_silent} did not answer. Everything below speaks of those who did; the others may think otherwise."
            )
        )
    if facts["question"] and report.analysis["n_read"] < report.analysis["n"]:
        blocks.append(
            Text(f"{report.analysis['n_read']} of {report.analysis['n']} answers could be read.", "soft")
        )
    return Section(
        key="asked",
        part=ReportSection.ASKED,
        title=TITLES[ReportSection.ASKED],
        blocks=tuple(blocks),
        notes=(
            "Read the question aloud. Say how many were asked and how many answered before anything else.",
        ),
    )


def forks(report: ReportView) -> Section | None:
    if not report.forks:
        return None
    return Section(
        key="forks",
        part=ReportSection.FORKS,
        title=TITLES[ReportSection.FORKS],
        lead=(
            "Following one means giving up the other. Read both sides before you talk."
            if report.forks[0].is_opposed
            else "No two strategies exclude each other for sure. These are the two largest: what would have to be "
            "true for each?"
        ),
        blocks=tuple(fork_block(fork) for fork in report.forks),
        notes=(
            "Read both sides aloud before anybody comments. Ask what would have to be true for each side.",
        ),
    )


def fork_block(fork: ForkView) -> Fork:
    left, right = (
        Side(
            title=f"Strategy {side.camp.number}",
            quotes=tuple(quoted(voice) for voice in side.voices),
            camp=side.camp.number,
            aside=people(side.camp.n),
        )
        for side in fork.sides
    )
    return Fork(
        question=fork.question,
        sides=(left, right),
        aside=(
            f"The judge holds it {percent(fork.probability)} likely that these two exclude each other."
            if fork.probability is not None
            else ""
        ),
    )


def camps(report: ReportView) -> Section | None:
    if not report.camps and not report.campless:
        return None
    blocks: list[Block] = [
        Group(
            title=f"Strategy {camp.number}" + (f": “{camp.label}”" if camp.label else ""),
            aside=" ".join(
                (
                    people(camp.n)
                    + (": " + ", ".join(camp.labels) + "." if 1 < camp.n <= MOST_NAMES else "."),
                    *(
                        (f"Named by the facilitator; measured: “{camp.measured_label}”.",)
                        if _is_renamed(camp)
                        else ()
                    ),
                    *camp.changes,
                )
            ),
            first=(quoted(camp.representative),),
            others=tuple(quoted(voice) for voice in camp.others),
            camp=camp.number,
        )
        for camp in report.camps[:MOST_GROUPS]
    ]
    if len(report.camps) > MOST_GROUPS:
        rest = report.camps[MOST_GROUPS:]
        blocks.append(
            Text(
                f"And {len(rest)} more strategies, each of {people(max(camp.n for camp in rest))} at most: the workbook "
                "(XLSX) has every answer."
            )
        )
    if report.campless:
        blocks.append(
            Group(
                title=figures.NO_STRATEGY,
                aside=(
                    f"{people(len(report.campless))}: no choice that one could agree or disagree with, so each counts "
                    "as agreeing with nobody."
                ),
                first=(),
                others=tuple(quoted(voice) for voice in report.campless),
            )
        )
    drawn: tuple[Block | None, ...] = (
        figures.camp_sizes(report),
        _as_measured(report) if report.has_edited_camps else None,
        figures.answer_map(report),
    )
    return Section(
        key="camps",
        part=ReportSection.CAMPS,
        title=TITLES[ReportSection.CAMPS],
        lead="Who names the same strategy. Each camp is shown by the answer that stands closest to the others in it.",
        blocks=(*blocks, *(block for block in drawn if block is not None)),
        notes=("Let each camp read its own sentence. Nobody defends anything yet.",),
    )


def _is_renamed(camp: CampView) -> bool:
    return camp.is_named and camp.measured_label is not None


def _as_measured(report: ReportView) -> Table:
    """The facilitator moved answers: what was measured stands beside it."""
    return Table(
        "The camps as measured, before the facilitator’s edits",
        (Column("Strategy"), Column("In their words"), Column("People", "count"), Column("Who")),
        tuple(
            (
                f"Strategy {camp.number}",
                camp.measured_label or "",
                camp.n,
                ", ".join(camp.labels) if camp.n <= MOST_NAMES else "",
            )
            for camp in report.measured_camps
        ),
    )


def perception(report: ReportView) -> Section | None:
    found = report.analysis["perception"]
    if not found:
        return None
    figure = figures.perception(report)
    if figure is None:
        guesses = "is one guess" if found["n"] == 1 else f"are {found['n']} guesses"
        blocks: tuple[Block, ...] = (
            Text(
                f"There {guesses}, but too few readable answers to measure agreement. A guess is never shown without "
                "its measurement."
            ),
        )
    else:
        gap = found["gap"]
        span = f" ({points(gap['low'])} to {points(gap['high'])})" if gap["low"] is not None else ""
        blocks = (
            figure,
            Text(
                f"On average you expected {percent(found['guess']['estimate'])}; measured is "
                f"{percent(report.analysis['agreement']['estimate'])}. The gap is {points(gap['estimate'])}{span}, "
                f"from {'one guess' if found['n'] == 1 else str(found['n']) + ' guesses'}."
            ),
        )
    return Section(
        key="perception",
        part=ReportSection.PERCEPTION,
        title=TITLES[ReportSection.PERCEPTION],
        lead=(
            "Before sending, each person guessed how likely a colleague, picked at random, described the same "
            "strategy. That is the same quantity as the measured agreement, so the two can be compared."
        ),
        blocks=blocks,
        notes=("Ask who is surprised, and by which side of the gap.",),
    )


def number(report: ReportView) -> Section | None:
    analysis, facts = report.analysis, report.round
    agreement, strategies = analysis["agreement"], analysis["strategies"]
    if agreement["estimate"] is None:
        return None
    span = analysis["headline"]["range"]
    word = "strategy" if strategies["estimate"] == 1 else "strategies"
    numbers = [
        BigNumber(
            percent(agreement["estimate"]),
            "agreement: the chance that any two of you name the same strategy. With these answers, "
            f"{interval(agreement)} is plausible.",
        ),
        BigNumber(str(strategies["estimate"]), word + (f"; {span} are plausible." if span else ".")),
    ]
    if strategies["effective"] is not None:
        numbers.append(
            BigNumber(
                f"{strategies['effective']:.1f}",
                "effective number of strategies, over all plausible splits: it gives large camps more weight than "
                "single voices.",
            )
        )
    figure = figures.belonging(report)
    blocks: list[Block] = [
        Text(analysis["headline"]["sentence"], "lead"),
        Numbers(tuple(numbers)),
        Text(
            f"{facts['n_answered']} of {facts['n_invited']} people answered ({percent(report.response_rate)}); the "
            "number speaks of them alone. Intervals hold the truth about 80 times in 100.",
            "soft",
        ),
        *([figure] if figure else []),
    ]
    if report.two_readings:
        blocks += [
            Text(report.two_readings.sentence),
            Table(
                "The judge alone, and with what people say",
                (Column("Measure"), Column("Judge alone"), Column("With people")),
                report.two_readings.rows,
            ),
        ]
    return Section(
        key="number",
        part=ReportSection.NUMBER,
        title=TITLES[ReportSection.NUMBER],
        lead="The number comes last on purpose: it says how far you are apart, and nothing about why.",
        blocks=tuple(blocks),
    )


def left_out(report: ReportView) -> Section | None:
    if not report.left_out:
        return None
    return Section(
        key="left-out",
        part=ReportSection.CAMPS,
        title="What could not be read",
        blocks=(
            *(_unread(voice) for voice in report.left_out[:MOST_GROUPS]),
            *(
                [
                    Text(
                        f"And {len(report.left_out) - MOST_GROUPS} more: the workbook (XLSX) has every answer."
                    )
                ]
                if len(report.left_out) > MOST_GROUPS
                else []
            ),
        ),
    )


def _unread(voice: Voice) -> Block:
    why = voice.note or "This answer could not be read."
    return Quoted(voice.text, voice.source, (why,)) if voice.text else Text(f"{voice.source}: {why}")


def method(report: ReportView, shown: Collection[ReportSection] = frozenset(ReportSection)) -> Section:
    """shown: what is said of an edit tells something of its part, so it is told with that part."""
    blocks: list[Block] = []
    if report.analysis["notes"]:
        blocks.append(Bullets(tuple(report.analysis["notes"])))
    blocks.append(Table("Method card", (Column("What"), Column("This report")), method_facts(report, shown)))
    return Section(
        key="method",
        part=ReportSection.NUMBER,
        title="How this was read",
        lead="The method card: what the numbers rest on.",
        blocks=tuple(blocks),
    )


# In reading order: reasons before the number. What the meetings said and the method card come after them.
SECTIONS: tuple[Builder, ...] = (
    asked,
    forks,
    camps,
    left_out,
    common_ground,
    who_says_what,
    question_sections,
    perception,
    number,
)
