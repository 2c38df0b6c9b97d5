"""Stages that people pick for the dimensions of a maturity matrix: which stage the group names, and how united."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.agreement import ScaleReading, read_scale
from app.analysis.result import Document


@dataclass(frozen=True)
class StageReading:
    """One dimension.

    scale: counts and agreement over the stages (r_wg with the uniform null of so many stages).
    stages: the stage named, by the median: one number, or two neighbours when an even group is cut in half exactly
    between them (or two further apart, when nobody stands between); empty without answers.
    """

    scale: ScaleReading
    stages: tuple[int, ...]

    def to_document(self) -> Document:
        return {**self.scale.to_document(), "stages": list(self.stages)}


def read_stages(values: Sequence[int], n_stages: int = 3) -> StageReading:
    """Read one dimension. values: one stage a person, counted from 1; raises ValueError for any other."""
    return StageReading(read_scale(values, n_stages), stage_named(values))


def stage_named(values: Sequence[int]) -> tuple[int, ...]:
    """The stage that the middle of the group names: half of it stands there or lower, half there or higher.

    With an even number of answers the middle two may differ; then both are given, because neither has a majority
    and an average ("stage 1.5") would name a stage that does not exist.

    >>> stage_named([1, 1, 2, 3, 3]), stage_named([1, 1, 2, 2]), stage_named([1, 3]), stage_named([])
    ((2,), (1, 2), (1, 3), ())
    """
    if not values:
        return ()
    ordered = sorted(values)
    middle = {ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]}
    return tuple(sorted(middle))
