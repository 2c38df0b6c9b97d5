"""The printed pack for a two-hour meeting: cover, silent read, fork cards, time plan, thesis sheet.

Everything comes from the report by itself; nobody has to lay anything out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.exports.content import Fork, Group, Side, Text
from app.exports.sections import build_sections, find_forks, people, quoted
from app.reports.presenting import CampView, ReportView

MINUTES = 120
MOST_FORKS = 3
# Minutes for each fork by how many there are; what they leave goes to writing.
_FORK_MINUTES = {0: 0, 1: 30, 2: 25, 3: 20}
_WRITING = 20
MOST_SILENT_QUOTES = 4
MOST_CARD_QUOTES = 3


@dataclass(frozen=True)
class Step:
    starts: int
    minutes: int
    title: str
    what: str

    @property
    def clock(self) -> str:
        """Hours and minutes since the beginning: "1:35"."""
        return f"{self.starts // 60}:{self.starts % 60:02d}"


@dataclass(frozen=True)
class Pack:
    forks: tuple[Fork, ...]
    # True where the judge found camps that exclude each other; else the cards put the largest camps side by side.
    is_opposed: bool
    groups: tuple[Group, ...]
    steps: tuple[Step, ...]
    fields: tuple[tuple[str, str, int], ...]
    shared: tuple[Text, ...] = ()


def build_pack(report: ReportView) -> Pack:
    found = find_forks(report)[:MOST_FORKS]
    forks = found or _largest_camps(report.camps)
    return Pack(
        forks=forks,
        is_opposed=bool(found),
        groups=tuple(
            Group(
                title=group.title,
                aside=group.aside,
                first=(group.first + group.others)[:MOST_SILENT_QUOTES],
                others=(group.first + group.others)[MOST_SILENT_QUOTES:],
                camp=group.camp,
            )
            for section in build_sections(report)
            if section.key == "camps"
            for group in section.blocks
            if isinstance(group, Group)
        ),
        steps=time_plan(forks),
        fields=THESIS_FIELDS,
    )


def _largest_camps(camps: Sequence[CampView]) -> tuple[Fork, ...]:
    """Where no two camps exclude each other, the choice is what comes first."""
    pairs = [(0, 1), (0, 2), (1, 2)] if len(camps) > 2 else [(0, 1)] if len(camps) == 2 else []
    return tuple(
        Fork(
            question=f"Strategy {camps[a].number} or strategy {camps[b].number}: which comes first?",
            sides=(_side(camps[a]), _side(camps[b])),
        )
        for a, b in pairs
    )


def _side(camp: CampView) -> Side:
    voices = (camp.representative, *camp.others)[:MOST_CARD_QUOTES]
    return Side(
        title=f"Strategy {camp.number}",
        quotes=tuple(quoted(voice) for voice in voices),
        camp=camp.number,
        aside=people(camp.n),
    )


def time_plan(forks: Sequence[Fork]) -> tuple[Step, ...]:
    """Two hours, to the minute, whatever the number of forks."""
    each = _FORK_MINUTES[len(forks)]
    spared = _FORK_MINUTES[MOST_FORKS] * MOST_FORKS - each * len(forks)
    planned = [
        (5, "Begin", "Read the question aloud and say how many answered. Agree how you will decide today."),
        (15, "Read in silence", "Everybody reads the answers and marks what surprises them. Nobody talks."),
        (10, "One sentence each", "Go round once: what strikes you? No discussion and no defence yet."),
        *(
            (
                each,
                f"Fork {number}: {fork.question}",
                "Read both sides aloud. Each side says what would have to be true for it to be right. Talk it through, "
                "then show hands and write down the count.",
            )
            for number, fork in enumerate(forks, start=1)
        ),
        (
            _WRITING + spared,
            "Write the thesis",
            "In pairs, then together, on the thesis sheet: one value, one market, and what you choose not to do.",
        ),
        (
            10,
            "Decide and close",
            "Who confirms which assumption, what stops tomorrow, and when you ask again.",
        ),
    ]
    steps, clock = [], 0
    for minutes, title, what in planned:
        steps.append(Step(clock, minutes, title, what))
        clock += minutes
    return tuple(steps)


# (heading, what belongs there, lines to write on)
THESIS_FIELDS = (
    ("The only … whose …", "The thesis in one sentence that everybody can repeat.", 3),
    ("For whom", "The market, so narrow that somebody is left out.", 2),
    ("The value that only we provide", "Why they choose us, in their words and not in ours.", 3),
    ("What we choose not to do", "At least one thing that some of us would like to do.", 3),
    ("What must be true", "The assumptions, each with the name of the person who confirms it.", 4),
    ("What stops because of it", "With a name and a date.", 2),
)
