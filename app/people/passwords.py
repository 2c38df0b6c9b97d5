"""Which passwords are too easy. Length decides; composition rules only teach people to write 'Password1!'."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from app.languages import gettext as _

MIN_LENGTH = 15
MAX_LENGTH = 128

# Long passwords that everybody's list of tries begins with, without spaces and signs, in lower case.
_COMMON = frozenset(
    """
    passwordpassword passwordpassword1 passwordpasswordpassword mypasswordispassword thisismypassword
    thisisapassword thisismysecretpassword letmeinletmein letmeinplease pleaseletmein iloveyouiloveyou
    iloveyousomuch iloveyouforever correcthorsebatterystaple correcthorsebatterystaples
    qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfgh qwertzuiopasdfghjkl
    azertyuiopqsdfgh azertyuiopqsdfghjklm asdfghjklqwertyuiop zxcvbnmasdfghjkl zxcvbnmasdfghjklqwertyuiop
    1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb q1w2e3r4t5y6u7i8
    qazwsxedcrfvtgb qazwsxedcrfvtgbyhn abcdefghijklmno abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
    administrator administratoradministrator changemechangeme changethispassword trustno1trustno1
    welcomewelcome welcometothejungle whateverwhatever sunshinesunshine princessprincess
    footballfootball baseballbaseball superman superman123456789 starwarsstarwars startrekstartrek
    maytheforcebewithyou tobeornottobe tobeornottobethatisthequestion loremipsumdolorsit
    loremipsumdolorsitamet thequickbrownfox thequickbrownfoxjumps thequickbrownfoxjumpsoverthelazydog
    allworkandnoplay openthepodbaydoors onceuponatime opensesameopensesame
    """.split()  # noqa: SIM905 - words read best as words
)
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz" * 2, "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_SIGNS = re.compile(r"[\W_]+")


def prepared(password: str) -> str:
    """One Unicode form, so that the same keys pressed on another machine give the same password."""
    return unicodedata.normalize("NFKC", password)


def why_refused(password: str, *, names: Iterable[str] = ()) -> str | None:
    """The sentence to show, or None when the password is good enough.

    names: what anybody could know about the account (organisation, person, mail address).
    """
    typed = prepared(password)
    if len(typed) < MIN_LENGTH:
        return _(
            "Use at least %(least)s characters; this has %(n)s. A sentence is easy to remember.",
            least=MIN_LENGTH,
            n=len(typed),
        )
    if len(typed) > MAX_LENGTH:
        return _("Use at most %(most)s characters; this has %(n)s.", most=MAX_LENGTH, n=len(typed))
    if _is_repeated(typed) or _is_run(typed):
        return _(
            "This repeats a pattern that programs try first. Use several words that do not belong together."
        )
    if _SIGNS.sub("", typed.casefold()) in _COMMON:
        return _("This is one of the first passwords that programs try. Use several words of your own.")
    if _says_only(typed, names):
        return _("This says little more than your names. Use several words that nobody would expect of you.")
    return None


def _is_repeated(typed: str) -> bool:
    """A short piece, again and again: 'abcabcabcabcabc'."""
    folded = typed.casefold()
    return any((folded[:size] * len(folded))[: len(folded)] == folded for size in range(1, 6))


def _is_run(typed: str) -> bool:
    """Keys that lie side by side, forwards or backwards, with little else."""
    folded = _SIGNS.sub("", typed.casefold())
    pieces = [folded[start : start + 4] for start in range(0, len(folded) - 3, 4)]
    rows = [row for line in _ROWS for row in (line, line[::-1])]
    in_a_row = sum(any(piece in row for row in rows) for piece in pieces)
    return not pieces or in_a_row >= max(2, len(pieces) - 1)


def _says_only(typed: str, names: Iterable[str]) -> bool:
    words = {"ninefold", "strategy", "password", "passwort", "secret"}
    for name in names:
        words |= {word for word in _NOT_LETTERS.split(name.casefold()) if len(word) > 2}
    rest = typed.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return len(_NOT_LETTERS.sub("", rest)) < 4
