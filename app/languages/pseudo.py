"""Two languages that nobody speaks. They show, without a translator, which sentences are not in the catalogue (they
stay plain English), which places are too narrow (every sentence is a third longer), and which parts of a page do not
turn round when the language runs from right to left."""

from __future__ import annotations

import gettext
import re

PSEUDO_LANGUAGES = {"en-XA": "Pseudo", "ar-XB": "Pseudo, from right to left"}

_ACCENTS = str.maketrans("aeiouyAEIOUYcnszCNSZ", "åéîöûýÅÉÎÖÛÝçñšžÇÑŠŽ")
# What must come through as it is: %(name)s, %%, tags, entities.
_KEPT = re.compile(r"(%\(\w+\)[sd]|\{\w+\}|%%|<[^>]*>|&\w+;|&#\d+;)")
_FROM_RIGHT, _END = "\u202e", "\u202c"


class PseudoTranslations(gettext.NullTranslations):
    def __init__(self, *, is_mirrored: bool) -> None:
        super().__init__()
        self._is_mirrored = is_mirrored

    def gettext(self, message: str) -> str:
        if not message.strip():
            return message
        parts = _KEPT.split(message)
        said = "".join(part if i % 2 else self._turn(part) for i, part in enumerate(parts))
        return f"[{said}{'·' * (len(message) // 3)}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)

    def _turn(self, text: str) -> str:
        turned = text.translate(_ACCENTS)
        return f"{_FROM_RIGHT}{turned}{_END}" if self._is_mirrored and turned.strip() else turned
