"""One element of the thesis (who it is for, why only us, ...), as several people fill it in.

Three things can stand between two people, and the report keeps them apart: they say the same, they say different
things, or one of them does not mention the element at all. Silence is no disagreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis import many, partitions
from app.analysis.divergence import FEWEST, identical_pairs, judged_texts
from app.analysis.judge import Judge
from app.analysis.result import UNKNOWN, Document, Estimate
from app.analysis.texts import EMPTY, NO_WORDS, PLACEHOLDER, Screened, readable_part, screen

NOT_MENTIONED = (EMPTY, NO_WORDS, PLACEHOLDER)


@dataclass(frozen=True)
class ElementReading:
    """n: people asked. mentioned: those who wrote something that can be read, by number; unread: those who wrote
    something in a language that the model does not read. agreement: among the mentioned, the chance that any two say
    the same, with its 80 % interval; unknown under three. groups: those who say the same, largest first, each led by
    the person closest to the others; empty under three.
    """

    n: int
    mentioned: tuple[int, ...]
    unread: tuple[int, ...]
    agreement: Estimate
    groups: tuple[tuple[int, ...], ...]

    @property
    def n_not_mentioned(self) -> int:
        return self.n - len(self.mentioned) - len(self.unread)

    def to_document(self) -> Document:
        """Without who said what, which is for the caller to publish, or not."""
        return {
            "n": self.n,
            "n_mentioned": len(self.mentioned),
            "n_unread": len(self.unread),
            "n_not_mentioned": self.n_not_mentioned,
            "agreement": self.agreement.to_document(),
        }


def read_element(texts: Sequence[str | None], *, judge: Judge) -> ElementReading:
    """Read what each person wrote for one element; None, blank texts and "n/a" are "not mentioned".

    The judge's question is whether two texts state the same; whether a text names a strategy is not asked here,
    because one element is never a whole strategy.
    """
    screened = screen([text or "" for text in texts])
    mentioned = [i for i, item in enumerate(screened) if item.is_readable]
    unread = tuple(
        i for i, item in enumerate(screened) if not item.is_readable and item.reason not in NOT_MENTIONED
    )
    if len(mentioned) < FEWEST:
        return ElementReading(len(texts), tuple(mentioned), unread, UNKNOWN, ())
    readable = [screened[i] for i in mentioned]
    agreement, groups = (_of_many if len(readable) > many.MOST_IN_FULL else _in_full)(readable, judge)
    led = tuple(tuple(mentioned[member] for member in group) for group in groups)
    return ElementReading(len(texts), tuple(mentioned), unread, agreement, led)


def _in_full(readable: Sequence[Screened], judge: Judge) -> tuple[Estimate, list[list[int]]]:
    judged = judged_texts(judge, readable)
    posterior = partitions.partition_posterior(
        judged.same, judge.posterior, identical=identical_pairs([item.text for item in readable])
    )
    belonging = posterior.belonging()
    number = partitions.number_of_strategies(posterior)[0]
    return partitions.agreement(posterior), [
        _led_by(partitions.representative(members, belonging, judged.same), members)
        for members in partitions.central_partition(posterior, belonging, n_camps=number)
    ]


def _of_many(readable: Sequence[Screened], judge: Judge) -> tuple[Estimate, list[list[int]]]:
    """From near pairs, as the strategy itself is read from so many answers (many.py)."""
    found = many.read_crowd(judge, [readable_part(item) for item in readable], evidence=(), names_none=0.0)
    agreement = partitions.agreement(found.posterior) if found.posterior else UNKNOWN
    return agreement, [_led_by(camp.representative, camp.members) for camp in found.camps]


def _led_by(first: int, members: Sequence[int]) -> list[int]:
    return [first, *(member for member in members if member != first)]
