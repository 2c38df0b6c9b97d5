"""Lists of priorities matched across people: how many distinct priorities nine lists hold, and who shares which.

For every two items the judge says how likely they mean the same. It was trained on statements of strategy; items of a
few words give it little to go by, so words that two items share count beside it. Items are then put together by average
linkage, the likeliest first, for as long as two groups are more likely the same priority than not. Two items of one
person's list are two priorities to that person and never come together.

Why not the posterior of partitions.py: its prior was fitted on whole answers, of which a team shares many. On four sets
of lists written by hand (26 to 28 items, 11 to 16 true priorities) its adjusted Rand index was .54, .68, .78 and .63 (at
temperature 1, with the fitted offset); average linkage over judge and shared words, whose weight was chosen on the same
sets, had .70, .68, .98 and .81, and its range from loose to strict held the true number on two of the four.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.divergence import judged_texts
from app.analysis.judge import Judge
from app.analysis.result import Document, Matrix
from app.analysis.texts import LANGUAGE, Screened, same_words, screen

# Items beyond which only the same words are matched: every pair would have to be judged.
MATCHED_UP_TO = 240
# Two items in the same rare words get this much log odds on top of the judge's.
SHARED_WORDS = 4.0
SURE = 0.999  # odds beyond these are not believed of any judge
# Log odds up to which groups are joined: as reported, and for the ends of the range.
EVEN, LOOSE, STRICT = 0.0, -0.5, 1.0

_EMPTY_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "for",
        "in",
        "on",
        "by",
        "and",
        "or",
        "that",
        "with",
        "from",
        "our",
        "we",
        "is",
        "are",
        "be",
        "who",
        "which",
        "not",
        "no",
        "only",
        "at",
        "it",
        "us",
        "into",
        "more",
        "per",
        "each",
        "every",
        "one",
        "all",
        "instead",
    ]
)
_ENDINGS = ("ing", "ers", "ies", "ed", "es", "er", "s", "e")


@dataclass(frozen=True)
class Priority:
    """One distinct priority. entries: (person, place on the list), both from 0; the first is the most typical."""

    entries: tuple[tuple[int, int], ...]

    @property
    def people(self) -> tuple[int, ...]:
        return tuple(sorted({person for person, _ in self.entries}))


@dataclass(frozen=True)
class PrioritiesReading:
    """n: people with at least one item. n_items: items with words in them. priorities: those on most lists first.
    low, high: how many there would be if wordings were matched loosely (down to a chance of 38 % to mean the same), and
    strictly (73 % or more). is_judged: False where only the same words were matched.
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
    # In the order of their words, so that ties fall the same way whoever wrote what.
    read = sorted(
        (k for k, item in enumerate(items) if item.is_readable),
        key=lambda k: (same_words(items[k].text), entries[k]),
    )
    odds = _log_odds([items[k] for k in read], judge)
    owners = [entries[k][0] for k in read]
    found = {cut: _linked(odds, owners, cut) for cut in (EVEN, LOOSE, STRICT)}
    groups = [[read[m] for m in _typical_first(group, odds)] for group in found[EVEN]]
    more = len(unread)
    return PrioritiesReading(
        n=n,
        n_items=len(entries),
        priorities=_priorities([*groups, *unread], entries),
        low=len(found[LOOSE]) + more,
        high=len(found[STRICT]) + more,
        is_judged=True,
    )


def shared_words(texts: Sequence[str]) -> Matrix:
    """How far every two texts consist of the same words, (m, m), symmetric, 0 (no word in common) to 1 (all).

        sum of idf over shared words / sqrt(sum of idf of the one * sum of idf of the other)

    idf = log(1 + m / number of texts with the word), so that rare words count for more. Endings and words without
    content do not count.

    >>> shared_words(["Hire inspectors", "hiring an inspector", "Dealers"]).round(2).tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    found = [
        frozenset(_stem(word) for word in re.findall(r"\w+", same_words(text)) if word not in _EMPTY_WORDS)
        for text in texts
    ]
    texts_with = Counter(word for words in found for word in words)
    idf = {word: math.log(1 + len(texts) / n) for word, n in texts_with.items()}
    weights = [math.fsum(idf[word] for word in sorted(words)) for words in found]
    shared = np.eye(len(texts))
    for i, one in enumerate(found):
        for j in range(i):
            both = math.fsum(idf[word] for word in sorted(one & found[j]))
            shared[i, j] = shared[j, i] = both / math.sqrt(weights[i] * weights[j]) if both else 0.0
    return shared


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _log_odds(items: Sequence[Screened], judge: Judge) -> Matrix:
    """Log odds that two items mean the same priority, (m, m)."""
    if not items:
        return np.zeros((0, 0))
    same = np.clip(judged_texts(judge, items).same, 1.0 - SURE, SURE)
    return np.asarray(
        np.log(same / (1.0 - same)) + SHARED_WORDS * shared_words([item.text for item in items])
    )


def _linked(odds: Matrix, owners: Sequence[int], cut: float) -> list[list[int]]:
    """Average linkage: the two groups with the highest mean log odds are joined, until none is above the cut; groups
    that hold items of the same person never are."""
    m = len(odds)
    groups: dict[int, list[int]] = {k: [k] for k in range(m)}
    means = np.round(odds, 9).copy()
    means[np.equal.outer(np.asarray(owners), np.asarray(owners))] = -np.inf
    means[np.tril_indices(m)] = -np.inf
    while m > 1:
        one, other = divmod(int(np.argmax(means)), m)
        if not means[one, other] > cut:
            break
        groups[one] += groups.pop(other)
        means[other, :] = means[:, other] = -np.inf
        mine = {owners[k] for k in groups[one]}
        for third, members in groups.items():
            if third == one:
                continue
            is_apart = any(owners[k] in mine for k in members)
            mean = -np.inf if is_apart else round(float(odds[np.ix_(groups[one], members)].mean()), 9)
            means[min(one, third), max(one, third)] = mean
    return list(groups.values())


def _typical_first(group: Sequence[int], odds: Matrix) -> list[int]:
    """The group, led by the item that is closest to the others."""
    if len(group) < 3:
        return list(group)
    near = odds[np.ix_(group, group)].sum(axis=1) - np.diag(odds)[list(group)]
    first = group[int(np.argmax(np.round(near, 9)))]
    return [first, *(k for k in group if k != first)]


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
