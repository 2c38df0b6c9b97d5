"""The themes of two rounds: which of the one is which of the other. The judge reads the answers of both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.divergence import judged_texts
from app.analysis.judge import Judge
from app.analysis.result import Document
from app.analysis.texts import readable_part, screen
from app.analysis.themes import TOGETHER, judged_clauses

# Answers of both rounds together; beyond that every pair of clauses would take minutes.
MOST_ANSWERS = 60
PLACES = 6


@dataclass(frozen=True)
class ThemeMatch:
    """Two themes that are one: their places in the rounds. likeness: mean P(same) over pairs of their clauses."""

    before: int
    after: int
    likeness: float

    def to_document(self) -> Document:
        return {"before": self.before, "after": self.after, "likeness": round(self.likeness, PLACES)}


@dataclass(frozen=True)
class ReadThemes:
    """One round: its texts, one an answer, and the "themes" of its report."""

    texts: tuple[str, ...]
    themes: Document

    @property
    def answers(self) -> list[int]:
        """Those that were read for themes."""
        return sorted({piece["answer"] for piece in self.themes["pieces"]})


def match_themes(before: ReadThemes, after: ReadThemes, *, judge: Judge) -> tuple[ThemeMatch, ...] | None:
    """The themes that are in both rounds, by their places; each at most once. None where there are too many answers.

        likeness(s, t) = mean over clauses c of s, d of t of P(c and d say the same)

    That is the measure by which clauses of one round become a theme (themes.py), with the same cut: two themes of two
    rounds are one where they would have been one in one round. Of all pairings the one with the greatest sum is taken.
    Costs one judgement of the answers of both rounds together.
    """
    if not before.themes["themes"] or not after.themes["themes"]:
        return ()
    rounds = (before, after)
    if sum(len(each.answers) for each in rounds) > MOST_ANSWERS:
        return None
    from scipy.optimize import linear_sum_assignment

    authors = [(place, answer) for place, each in enumerate(rounds) for answer in each.answers]
    screened = screen([rounds[place].texts[answer] for place, answer in authors])
    judged = judged_texts(judge, screened)
    _, owners, same, _ = judged_clauses(judge, [readable_part(item) for item in screened], judged)
    clauses = [_clauses_of_themes(place, each, authors, owners) for place, each in enumerate(rounds)]
    likeness = np.array(
        [
            [float(np.mean(same[np.ix_(one, other)])) if one and other else 0.0 for other in clauses[1]]
            for one in clauses[0]
        ]
    )
    kept = np.where(likeness >= TOGETHER, likeness, 0.0)
    rows, columns = linear_sum_assignment(-kept)
    return tuple(
        ThemeMatch(int(i), int(j), float(kept[i, j]))
        for i, j in zip(rows, columns, strict=True)
        if kept[i, j] > 0
    )


def _clauses_of_themes(
    place: int, found: ReadThemes, authors: Sequence[tuple[int, int]], owners: Sequence[int]
) -> list[list[int]]:
    """By theme, its clauses as the judge numbers them now. An answer that falls into other clauses than when its
    report was built (the software has changed) is left out."""
    pieces = found.themes["pieces"]
    now: dict[int, int] = {}
    for owner, (round_, answer) in enumerate(authors):
        if round_ != place:
            continue
        here = [k for k, mine in enumerate(owners) if mine == owner]
        then = [k for k, piece in enumerate(pieces) if piece["answer"] == answer]
        if len(here) == len(then):
            now |= dict(zip(then, here, strict=True))
    return [[now[k] for k in theme["pieces"] if k in now] for theme in found.themes["themes"]]
