"""Lists of priorities matched across people: how many distinct priorities nine lists hold, and who shares which.

The pair judge says how likely two items mean the same; the posterior over partitions (partitions.py) puts items
together. One thing is known beforehand: two items on one person's list are two priorities to that person, so they are
kept apart as strongly as the judge would need to be overruled (APART).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from app.analysis import partitions
from app.analysis.divergence import judged_texts
from app.analysis.judge import Judge
from app.analysis.result import Document
from app.analysis.texts import LANGUAGE, Screened, same_words, screen

# Log odds against two items of one list being the same priority.
APART = -50.0
# Items beyond which only the same words are matched: every pair would have to be judged.
MATCHED_UP_TO = 240


@dataclass(frozen=True)
class Priority:
    """One distinct priority. entries: (person, place on the list), both from 0; the first is the most typical."""

    entries: tuple[tuple[int, int], ...]

    @property
    def people(self) -> tuple[int, ...]:
        return tuple(sorted({person for person, _ in self.entries}))


@dataclass(frozen=True)
class PrioritiesReading:
    """n: people with at least one item. n_items: items that could be read. priorities: those on most lists first.
    low, high: 80 % interval of their number. is_judged: False where only the same words were matched.
    """

    n: int
    n_items: int
    priorities: tuple[Priority, ...]
    low: int
    high: int
    is_judged: bool

    @property
    def two_thirds(self) -> int:
        """The fewest lists that are two thirds of all."""
        return math.ceil(2 * self.n / 3)

    def on_at_least(self, n_lists: int) -> int:
        return sum(len(priority.people) >= n_lists for priority in self.priorities)

    def intersections(self) -> tuple[tuple[tuple[int, ...], int], ...]:
        """(people, number of priorities that exactly these people share), most people first."""
        found = Counter(priority.people for priority in self.priorities)
        return tuple(sorted(found.items(), key=lambda item: (-len(item[0]), -item[1], item[0])))

    def to_document(self) -> Document:
        """Counts without who listed what, which is for the caller to publish, or not."""
        return {
            "n": self.n,
            "n_items": self.n_items,
            "distinct": {"estimate": len(self.priorities), "low": self.low, "high": self.high},
            "two_thirds": self.two_thirds,
            "on_every_list": self.on_at_least(self.n) if self.n > 1 else 0,
            "on_two_thirds": self.on_at_least(self.two_thirds) if self.n > 1 else 0,
            "on_one_list": len(self.priorities) - self.on_at_least(2),
            "is_judged": self.is_judged,
        }


def match_priorities(lists: Sequence[Sequence[str]], *, judge: Judge) -> PrioritiesReading:
    """Match the items of n lists.

    Blank items and "n/a" are passed over, and so is an item that one person wrote twice in the same words. Items in a
    language that the model does not read are matched by their words alone. Raises nothing: no lists, no priorities.
    """
    entries, items = _entries(lists)
    n = len({person for person, _ in entries})
    if len(entries) > MATCHED_UP_TO:
        groups = _by_words(range(len(entries)), items)
        number = len(groups)
        return PrioritiesReading(n, len(entries), _priorities(groups, entries), number, number, False)
    unread = _by_words([k for k, item in enumerate(items) if not item.is_readable], items)
    read = [k for k, item in enumerate(items) if item.is_readable]
    if not read:
        return PrioritiesReading(
            n, len(entries), _priorities(unread, entries), len(unread), len(unread), True
        )
    judged = judged_texts(judge, [items[k] for k in read])
    words = [same_words(items[k].text) for k in read]
    pairs = list(combinations(range(len(read)), 2))
    posterior = partitions.partition_posterior(
        judged.same,
        # Crowding dampens many answers to one question; here the many items are kept apart list by list.
        replace(judge.posterior, crowding=0.0),
        evidence=[(i, j, APART) for i, j in pairs if entries[read[i]][0] == entries[read[j]][0]],
        identical=[(i, j) for i, j in pairs if words[i] == words[j]],
    )
    number, low, high = partitions.number_of_strategies(posterior)
    belonging = posterior.belonging()
    groups = []
    for members in partitions.central_partition(posterior, belonging, n_camps=number):
        first = partitions.representative(members, belonging, judged.same)
        groups.append([read[m] for m in (first, *(m for m in members if m != first))])
    more = len(unread)
    return PrioritiesReading(
        n, len(entries), _priorities([*groups, *unread], entries), low + more, high + more, True
    )


def _entries(lists: Sequence[Sequence[str]]) -> tuple[list[tuple[int, int]], list[Screened]]:
    entries: list[tuple[int, int]] = []
    items: list[Screened] = []
    for person, listed in enumerate(lists):
        seen: set[str] = set()
        for place, item in enumerate(screen(listed)):
            words = same_words(item.text)
            if (item.is_readable or item.reason == LANGUAGE) and words not in seen:
                seen.add(words)
                entries.append((person, place))
                items.append(item)
    return entries, items


def _by_words(wanted: Iterable[int], items: Sequence[Screened]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for k in wanted:
        groups.setdefault(same_words(items[k].text), []).append(k)
    return list(groups.values())


def _priorities(groups: Sequence[Sequence[int]], entries: Sequence[tuple[int, int]]) -> tuple[Priority, ...]:
    made = [Priority(tuple(entries[k] for k in group)) for group in groups]
    return tuple(sorted(made, key=lambda priority: (-len(priority.people), priority.entries)))
