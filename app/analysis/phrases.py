"""Words of the people themselves: where a clause stands in its answer, and which of its words label a theme."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONGEST_LABEL = 8  # words
# A clause that fits whole is the better label, and so is a part of it between two marks: they begin and end.
WHOLE_CLAUSE, WHOLE_PART = 1.6, 1.4

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_STOP = re.compile(r"[.,;:!?…()\[\]\"“”]|\s[–—-]+\s|\n")

# Words that carry no topic: a label neither begins nor ends with one, and none is a term.
FUNCTION_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing done down each even every few for from further get gets give go goes got had has
    have having he her here hers him his how i if im in instead into is it its itself just let like lot made make makes
    many may me might mine more most much must my need never no nor not now of off on once one only or other our ours
    out over own per put really said same say says shall she should so some such take than that that's thats the their
    theirs them then there these they thing things this those through to too under until up upon us very want was way
    we were what when where whether which while who whoever whom whose why will with without would yes yet you your
    yours anybody anyone anything become becomes everybody everyone everything nobody nothing somebody someone something
    today don't doesn't isn't can't won't it's we're they're i'm i've we've""".split()  # noqa: SIM905
)  # fmt: skip

_JOINING = frozenset(["and", "but", "so", "then", "while", "whereas", "because", "plus", "also"])


@dataclass(frozen=True)
class Phrase:
    """Words of one answer, and where they stand in it."""

    answer: int
    start: int
    end: int
    text: str

    @property
    def place(self) -> dict[str, int]:
        return {"answer": self.answer, "start": self.start, "end": self.end}


def places_of(text: str, clauses: Sequence[str]) -> list[tuple[int, int]]:
    """Where each clause stands in the text that it was cut from, as (start, end) in characters, in order.

    A clause is normalised and its bullets and line breaks are gone, so it is found word by word. One that is not
    found at all is placed on the whole text: a quote may be longer than what it is quoted for, and is never wrong.

    >>> places_of("- Go  up-market.\\n- Pay down debt.", ["Go up-market.", "Pay down debt."])
    [(2, 16), (19, 33)]
    """
    found: list[tuple[int, int]] = []
    after = 0
    for clause in clauses:
        tokens = _TOKEN.findall(clause)
        pattern = r"[\W_]{0,12}?".join(re.escape(token) for token in tokens)
        match = re.compile(pattern).search(text, after) if tokens else None
        if match is None:
            found.append((0, len(text)))
            continue
        start, after = match.span()
        # Marks that belong to the last word: a full stop, a closing quote.
        tail = re.compile(r"[.!?…%)\]\"”’]*").match(text, after)
        after = tail.end() if tail else after
        found.append((start, after))
    return found


def terms_of(
    group: Sequence[int], groups: Sequence[Sequence[int]], texts: Sequence[str]
) -> Mapping[str, float]:
    """The words of a theme by how much they are its own, best first (class-based TF-IDF, Grootendorst 2022).

        weight(word) = share of the theme's words * log(1 + mean words per class / occurrences in all clauses)

    The classes are the themes, and all other clauses together are one more. Words that two clauses of the theme use
    come before words of one. Equal weights are in the order of the alphabet.
    """
    words = [_content(text) for text in texts]
    everywhere = Counter(word for clause in words for word in clause)
    inside = Counter(word for k in group for word in words[k])
    spread = Counter(word for k in group for word in set(words[k]))
    total = max(sum(inside.values()), 1)
    mean = sum(everywhere.values()) / (len(groups) + 1)
    weights = {
        word: (count / total) * math.log(1 + mean / everywhere[word]) * min(spread[word], 2)
        for word, count in inside.items()
    }
    return dict(sorted(weights.items(), key=lambda item: (-round(item[1], 9), item[0])))


def weight_of(text: str, terms: Mapping[str, float]) -> float:
    """How much of a theme's own words a text holds for its length."""
    words = [word.casefold() for word in _TOKEN.findall(text)]
    return math.fsum(terms.get(word, 0.0) for word in set(words)) / math.sqrt(len(words) + 2)


def label_of(
    clauses: Iterable[tuple[int, int, str, float]], terms: Mapping[str, float], *, fewest: int = 2
) -> Phrase:
    """The words that name a theme: a short clause of it, or a run of words within one.

    Of all clauses of at most LONGEST_LABEL words, and all runs of as many (and at least `fewest`) without a mark
    between and with a topic word at either end, the one that holds most of the theme's own words and whose clause is
    near to the others.

    clauses: (answer, place of the clause in it, its text, its nearness to the theme's other clauses).
    """
    best: tuple[float, Phrase] | None = None
    for answer, offset, text, nearness in clauses:
        for start, end, bonus in _candidates(text, fewest):
            score = round(bonus * weight_of(text[start:end], terms) * (0.5 + nearness), 9)
            if best is None or score > best[0]:
                best = (score, Phrase(answer, offset + start, offset + end, text[start:end]))
    assert best is not None, "a theme has clauses, and a clause has words"
    return best[1]


def _candidates(text: str, fewest: int) -> Iterable[tuple[int, int, float]]:
    """(start, end, bonus) of everything in a clause that may be a label."""
    tokens = list(_TOKEN.finditer(text))
    while len(tokens) > 1 and tokens[0].group().casefold() in _JOINING:
        tokens.pop(0)
    if not tokens:
        yield 0, len(text), 1.0
        return
    start, end = tokens[0].start(), tokens[-1].end()
    if len(tokens) <= LONGEST_LABEL and not _STOP.search(text[start:end]):
        yield start, end, WHOLE_CLAUSE
    # For want of anything better: where nothing below has a topic word.
    yield start, end if len(tokens) <= LONGEST_LABEL else tokens[LONGEST_LABEL - 1].end(), 0.01
    begin = start
    for stop in [*(match.start() + start for match in _STOP.finditer(text[start:])), len(text)]:
        part = [(m.start() + begin, m.end() + begin, m.group()) for m in _TOKEN.finditer(text[begin:stop])]
        if fewest <= len(part) <= LONGEST_LABEL:
            yield part[0][0], part[-1][1], WHOLE_PART
        for first in range(len(part)):
            for last in range(first + fewest - 1, min(first + LONGEST_LABEL, len(part))):
                if _is_topic(part[first][2]) and _is_topic(part[last][2]):
                    yield part[first][0], part[last][1], 1.0
        begin = stop + 1


def _content(text: str) -> list[str]:
    return [word.casefold() for word in _TOKEN.findall(text) if _is_topic(word)]


def _is_topic(word: str) -> bool:
    plain = word.casefold().replace("’", "'")
    return len(plain) > 1 and plain not in FUNCTION_WORDS and not plain.isdigit()
