"""An answer cut into statements: its sentences, and their clauses where each could stand alone.

"Enterprise first, and pay down the debt." states two things; a judge that reads it as one text sees
neither well. Cutting is cautious: a piece under MIN_WORDS words stays with its neighbour.
"""

from __future__ import annotations

import re

from app.analysis.texts import normalise, words

MIN_WORDS = 2

_LINE = re.compile(r"\n+")
_BULLET = re.compile(r"^\s*(?:[-*•–·]+|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")
_ENUMERATED = re.compile(r"\s(?=\(?\d[.)]\s)")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|mr|ms|mrs|dr|st|inc|ltd|co|corp|incl|resp)|\b[a-z])\.$", re.I
)
_CLAUSE = re.compile(
    r"\s*;\s+|:\s+(?=\S+\s+\S+\s+\S+)|\s+[–—-]{1,2}\s+"
    r"|,\s+(?=(?:and|but|while|whereas|plus|then|so|instead|also|with|no)\b)"
    r"|\s+(?=(?:and then|and also|while|whereas|but|plus|as well as)\b)"
    r"|\s+(?=and (?:we|i|the|our|all|every|no|pay|let|get|sell|buy|build|keep|close|stop|then|from|for)\b)",
    re.I,
)


def sentences_of(text: str) -> list[str]:
    """The sentences and list items of a text, bullets removed, nothing else lost.

    >>> sentences_of("- Go up-market, e.g. with banks.\\n- Pay down debt. Soon.")
    ['Go up-market, e.g. with banks.', 'Pay down debt. Soon.']
    """
    found: list[str] = []
    for line in _LINE.split(normalise(text)):
        for item in _ENUMERATED.split(line):
            parts: list[str] = []
            for part in _SENTENCE.split(_BULLET.sub("", item).strip()):
                if parts and _ABBREVIATED.search(parts[-1]):
                    parts[-1] = f"{parts[-1]} {part}"
                elif part:
                    parts.append(part)
            found += _joined(parts)
    return _joined(found) if any(len(words(part)) < MIN_WORDS for part in found) else found


def clauses_of(text: str) -> list[str]:
    """The statements of a text: sentences, cut further at semicolons, dashes and joining words.

    Every piece has at least MIN_WORDS words, unless the whole text has fewer; a text that cannot be cut
    comes back whole, as its only piece.

    >>> clauses_of("We go for enterprise customers first, and we pay down the debt.")
    ['We go for enterprise customers first', 'and we pay down the debt.']
    >>> clauses_of("Win the home market.")
    ['Win the home market.']
    """
    found: list[str] = []
    for sentence in sentences_of(text):
        found += _joined([part.strip() for part in _CLAUSE.split(sentence) if part and part.strip()])
    return found or [normalise(text)]


def _joined(parts: list[str]) -> list[str]:
    """The parts in order, each too short one joined to the one before it (the first to the one after)."""
    result: list[str] = []
    for part in parts:
        short = len(words(part)) < MIN_WORDS or (result and len(words(result[-1])) < MIN_WORDS)
        if result and short:
            result[-1] = f"{result[-1]} {part}"
        else:
            result.append(part)
    return result
