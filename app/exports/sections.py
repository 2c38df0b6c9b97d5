"""The report as a list of sections, in reading order: what every export renders.

A new part of the report is one function here, added to SECTIONS. Texts come from the ReportView alone, which
already honours the mode of the round and what the facilitator marked as not to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
from app.exports.method import method_facts
from app.reports.models import ReportSection
from app.reports.presenting import CampView, ReportView, Voice, interval, percent, points

Builder = Callable[[ReportView], Section | None]


def build_sections(report: ReportView, shown: Iterable[ReportSection] | None = None) -> tuple[Section, ...]:
    """Every section that has something to say; with `shown`, only of the parts that the team has been shown."""
    if report.is_withheld:
        return ()
    allowed = frozenset(ReportSection) if shown is None else frozenset(shown)
    made = (build(report) for build in SECTIONS)
    return tuple(section for section in made if section is not None and section.part in allowed)


def all_figures(report: ReportView) -> tuple[Figure, ...]:
    return tuple(figure for section in build_sections(report) for figure in section.figures)


# --- The sections -------------------------------------------------------------------------------------------------


def asked(report: ReportView) -> Section:
    facts = report.round
    return Section(
        key="asked",
        part=ReportSection.ASKED,
        title="What was asked",
        blocks=(
            Text(f"“{facts['question']}”", "lead"),
            Text(asked_words(report)),
            *(
                [
                    Text(
                        f"{report.analysis['n_read']} of {report.analysis['n']} answers could be read.",
                        "soft",
                    )
                ]
                if report.analysis["n_read"] < report.analysis["n"]
                else []
            ),
        ),
        notes=(
            "Read the question aloud. Say how many were asked and how many answered before anything else.",
        ),
    )


def forks(report: ReportView) -> Section | None:
    found = find_forks(report)
    if not found:
        return None
    return Section(
        key="forks",
        part=ReportSection.FORKS,
        title="Where you part",
        lead="Strategies whose answers exclude each other: following one means giving up the other.",
        blocks=found,
        notes=(
            "Read both sides aloud before anybody comments. Ask what would have to be true for each side.",
        ),
    )


def find_forks(report: ReportView) -> tuple[Fork, ...]:
    """The sharpest first."""
    camps = {camp.number: camp for camp in report.camps}
    return tuple(
        Fork(
            question=f"Strategy {pair.camps[0]} or strategy {pair.camps[1]}?",
            sides=(
                _side(camps[pair.camps[0]], pair.voices[0]),
                _side(camps[pair.camps[1]], pair.voices[1]),
            ),
            aside=f"The judge holds it {percent(pair.probability)} likely that these two exclude each other.",
        )
        for pair in report.opposed
    )


def _side(camp: CampView, speaks: Voice) -> Side:
    everybody = [speaks, camp.representative, *camp.others]
    distinct = list({voice.text: voice for voice in everybody}.values())
    return Side(
        title=f"Strategy {camp.number}",
        quotes=tuple(quoted(voice) for voice in distinct[:2]),
        camp=camp.number,
        aside=people(camp.n),
    )


def camps(report: ReportView) -> Section | None:
    if not report.camps and not report.campless:
        return None
    blocks: list[Block] = [
        Group(
            title=f"Strategy {camp.number}",
            aside=people(camp.n) + (": " + ", ".join(camp.labels) if camp.n > 1 else ""),
            first=(quoted(camp.representative),),
            others=tuple(quoted(voice) for voice in camp.others),
            camp=camp.number,
        )
        for camp in report.camps
    ]
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
    drawn = (figures.camp_sizes(report), figures.answer_map(report))
    return Section(
        key="camps",
        part=ReportSection.CAMPS,
        title="In your own words",
        lead="Who names the same strategy. Each camp is shown by the answer that stands closest to the others in it.",
        blocks=(*(figure for figure in drawn if figure is not None), *blocks),
        notes=("Let each camp read its own sentence. Nobody defends anything yet.",),
    )


def who_with_whom(report: ReportView) -> Section | None:
    figure = figures.belonging(report)
    if figure is None:
        return None
    return Section(
        key="belonging",
        part=ReportSection.THEMES,
        title="Who shares what",
        blocks=(figure,),
        notes=("Dark squares are camps. A pale row is somebody who stands alone.",),
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
        title="What you expected",
        lead=(
            "Before sending, each person guessed how likely a colleague, picked at random, described the same "
            "strategy. That is the same quantity as the measured agreement, so the two can be compared."
        ),
        blocks=blocks,
        notes=("Ask who is surprised, and by which side of the gap.",),
    )


def number(report: ReportView) -> Section:
    analysis = report.analysis
    agreement, strategies = analysis["agreement"], analysis["strategies"]
    blocks: list[Block] = [Text(analysis["headline"]["sentence"], "lead")]
    if agreement["estimate"] is not None:
        span = analysis["headline"]["range"]
        word = "strategy" if strategies["estimate"] == 1 else "strategies"
        blocks += [
            Numbers(
                (
                    BigNumber(
                        percent(agreement["estimate"]),
                        "agreement: the chance that any two of you name the same strategy. With these answers, "
                        f"{interval(agreement)} is plausible.",
                    ),
                    BigNumber(
                        str(strategies["estimate"]), word + (f"; {span} are plausible." if span else ".")
                    ),
                    BigNumber(
                        f"{strategies['effective']:.1f}",
                        "effective number of strategies, over all plausible splits: it gives large camps more weight "
                        "than single voices.",
                    ),
                )
            ),
            Text("Intervals hold the truth about 80 times in 100.", "soft"),
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
        title="The number",
        blocks=tuple(blocks),
        notes=(
            "The number comes last on purpose: it measures the distance, and the forks say what it is about.",
        ),
    )


def left_out(report: ReportView) -> Section | None:
    if not report.left_out:
        return None
    return Section(
        key="left-out",
        part=ReportSection.CAMPS,
        title="What could not be read",
        blocks=tuple(_unread(voice) for voice in report.left_out),
    )


def _unread(voice: Voice) -> Block:
    why = voice.note or "This answer could not be read."
    return Quoted(voice.text, voice.source, (why,)) if voice.text else Text(f"{voice.source}: {why}")


def method(report: ReportView) -> Section:
    blocks: list[Block] = []
    if report.analysis["notes"]:
        blocks.append(Bullets(tuple(report.analysis["notes"])))
    blocks.append(Table("Method card", (Column("What"), Column("This report")), method_facts(report)))
    return Section(
        key="method",
        part=ReportSection.NUMBER,
        title="How this was read",
        lead="The method card: what the numbers rest on.",
        blocks=tuple(blocks),
    )


# In reading order: reasons before the number.
SECTIONS: tuple[Builder, ...] = (
    asked,
    forks,
    camps,
    left_out,
    who_with_whom,
    perception,
    number,
    method,
)


# --- Words --------------------------------------------------------------------------------------------------------


def quoted(voice: Voice) -> Quoted:
    return Quoted(voice.text, voice.source, voice.remarks)


def asked_words(report: ReportView) -> str:
    """Who asked how many, and the response rate: agreement is never reported without it."""
    facts = report.round
    share = facts["n_answered"] / facts["n_invited"] if facts["n_invited"] else None
    comma = "," if "," in facts["asked_by"] else ""
    rate = f" ({percent(share)})." if share is not None else "."
    return (
        f"{facts['asked_by']}{comma} asked {people(facts['n_invited'])}; "
        f"{facts['n_answered']} answered by {day(report)}{rate}"
    )


def people(n: int) -> str:
    return "1 person" if n == 1 else f"{n} people"


def day(report: ReportView) -> str:
    closed = report.closed_at
    return f"{closed.day} {closed:%B %Y}"
