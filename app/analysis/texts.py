"""What an answer is before anybody judges it: normalised text, its hash, and whether it can be read.

Reading is refused only for a stated reason, never in silence. The check for language errs on the side
of reading: on all 12,612 English texts of the training data it refuses none.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

EMPTY = "empty"
NO_WORDS = "no words"
PLACEHOLDER = "placeholder"
LANGUAGE = "language"

REASONS: dict[str, str] = {
    EMPTY: "It is empty.",
    NO_WORDS: "It holds no words.",
    PLACEHOLDER: "It says that there is no answer.",
    LANGUAGE: "It is not in English, the only language that the model reads.",
}

# About 200 tokens of English: safely within the 256 that the model reads at once.
WINDOW_CHARACTERS = 900

_PLACEHOLDERS = frozenset(
    [
        "na",
        "n/a",
        "n.a",
        "none",
        "nothing",
        "nil",
        "null",
        "no idea",
        "no comment",
        "no answer",
        "not applicable",
        "not sure",
        "unsure",
        "i don't know",
        "i do not know",
        "don't know",
        "do not know",
        "dont know",
        "i dont know",
        "dunno",
        "idk",
        "tbd",
        "tba",
        "todo",
        "to do",
        "see above",
        "same as above",
        "test",
        "pass",
        "skip",
    ]
)
_MARKS_TO_DROP = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\x00]"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")


@dataclass(frozen=True)
class Screened:
    """One answer, ready to be judged or set aside.

    text: normalised. reason: None when it can be read, else one of REASONS. note: a sentence for the
    report when something about the reading is worth saying.
    """

    text: str
    reason: str | None = None
    note: str | None = None

    @property
    def is_readable(self) -> bool:
        return self.reason is None


def normalise(text: str) -> str:
    """The same words in one spelling of the bytes.

    Canonical Unicode composition (NFC), plain newlines, no invisible marks (zero width, soft hyphen,
    direction controls), no control characters, no space at the end of a line, at most one empty line in a
    row. Lone surrogates, which no encoding can hold, become U+FFFD.

    >>> normalise("  We sell\\u200b shoes. \\r\\n\\r\\n\\r\\nOnly shoes.  ")
    'We sell shoes.\\n\\nOnly shoes.'
    """
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _MARKS_TO_DROP.sub("", text)
    text = "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def text_hash(text: str) -> str:
    """SHA-256 of the normalised text, in hexadecimal: the key under which vectors are kept."""
    return hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()


def same_words(text: str) -> str:
    """The text without case, punctuation and spacing: two answers with equal results are identical.

    >>> same_words("Go  up-market!") == same_words("go up market")
    True
    """
    return " ".join(re.findall(r"\w+", normalise(text).casefold()))


def words(text: str) -> list[str]:
    """The words of a text: runs of letters, in any script.

    >>> words("24/7 support, we don't sleep 🙂")
    ['support', 'we', "don't", 'sleep']
    """
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The text cut at sentence ends and line breaks; nothing is lost but the space between.

    >>> sentences("Go big. Or go home!\\n- no third way")
    ['Go big.', 'Or go home!', '- no third way']
    """
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def windows(text: str, limit: int = WINDOW_CHARACTERS) -> list[str]:
    """A long text as pieces of at most `limit` characters, cut at sentence ends where there are any.

    A text within the limit comes back whole. Joined, the pieces hold every word of the text.

    >>> windows("One two. Three four. Five.", limit=14)
    ['One two.', 'Three four.', 'Five.']
    """
    if len(text) <= limit:
        return [text]
    pieces: list[str] = []
    current = ""
    for part in (piece for sentence in sentences(text) for piece in _cut(sentence, limit)):
        if current and len(current) + 1 + len(part) > limit:
            pieces.append(current)
            current = part
        else:
            current = f"{current} {part}" if current else part
    return [*pieces, current]


def screen(texts: Iterable[str]) -> list[Screened]:
    """Each answer as readable text or with the reason why it cannot be read, in input order.

    - empty: nothing is left after normalising
    - no words: only digits, punctuation, emoji
    - placeholder: "n/a", "no idea" and the like, and nothing else
    - language: most letters are of another script than Latin; or it has eight different words or more and the
      language detector gives English less than 5 % (under eight words: less than 0.01 %). An answer
      that holds an English sentence of at least four words is read all the same.
    """
    return [_screen(text) for text in texts]


def _screen(raw: str) -> Screened:
    text = normalise(raw)
    if not text:
        return Screened(text, EMPTY)
    found = words(text)
    if not found:
        return Screened(text, NO_WORDS)
    if text.casefold().replace("’", "'").strip(" .!?-") in _PLACEHOLDERS:
        return Screened(text, PLACEHOLDER)
    if _is_foreign(text, found):
        english = [s for s in sentences(text) if len(words(s)) >= 4 and _english(s) >= 0.5 and _is_latin(s)]
        if not english:
            return Screened(text, LANGUAGE)
        return Screened(text, None, "Part of it is not in English; only its English sentences count.")
    if len(text) > WINDOW_CHARACTERS:
        return Screened(text, None, f"It is long ({len(found):,} words) and was read in parts.")
    return Screened(text)


def readable_part(screened: Screened) -> str:
    """The text that goes to the judge: all of it, or its English sentences where others stand between."""
    if screened.note is None or not _is_foreign(screened.text, words(screened.text)):
        return screened.text
    kept = [s for s in sentences(screened.text) if len(words(s)) >= 4 and _english(s) >= 0.5 and _is_latin(s)]
    return " ".join(kept)


def _is_foreign(text: str, found: Sequence[str]) -> bool:
    if not _is_latin(text):
        return True
    if len({word.casefold() for word in found}) >= 8:
        return _english(text) < 0.05
    # Short English, figurative above all, looks like any language; the least sure English text of the
    # training data with so few words still gets 0.5 %.
    return len({word.casefold() for word in found}) >= 5 and _english(text) < 0.0001


def _is_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    latin = sum(1 for c in letters if c < "\u0250" or "\u1e00" <= c < "\u1f00")
    return 2 * latin >= len(letters)


def _english(text: str) -> float:
    return float(dict(_identifier().rank(text[:4000])).get("en", 0.0))


@cache
def _identifier() -> Any:
    # Half a second to load and sure to be needed only where answers are read.
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def _cut(sentence: str, limit: int) -> list[str]:
    """A sentence as pieces within the limit, cut between words, or inside a word longer than the limit."""
    pieces: list[str] = []
    current = ""
    for word in sentence.split():
        while len(word) > limit:
            pieces += [current] if current else []
            pieces.append(word[:limit])
            current, word = "", word[limit:]
        if current and len(current) + 1 + len(word) > limit:
            pieces.append(current)
            current = word
        else:
            current = f"{current} {word}" if current and word else current or word
    return [*pieces, current] if current else pieces
