"""The part "themes" of a report as its page, and every export, says it: labels, quotes, people, common ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.surveys.confidentiality import is_withheld
from app.surveys.models import MIN_THEME_ANSWERS

if TYPE_CHECKING:
    from app.reports.models import ReportEdit
    from app.reports.presenting import Voice


@dataclass(frozen=True)
class Quote:
    """Words of one answer, word for word, and where they stand in it."""

    voice: Voice
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.voice.text[self.start : self.end]

    @property
    def before(self) -> str:
        return self.voice.text[: self.start]

    @property
    def after(self) -> str:
        return self.voice.text[self.end :]


@dataclass(frozen=True)
class ThemeView:
    """number: from 1, those of most people first. label: the facilitator's where there is one, else the measured one.
    n: how many say it. central: the sentence that stands for the theme. quotes: all of it, in the order of the answers.
    Where the round has too few answers to quote under themes, there is the number alone: no sentence, nobody."""

    number: int
    label: str
    measured_label: str
    edit: ReportEdit | None
    terms: tuple[str, ...]
    n: int
    central: Quote | None
    quotes: tuple[Quote, ...]
    people: tuple[Voice, ...]
    share: float
    is_vague: bool
    is_common_ground: bool

    @property
    def of_each(self) -> tuple[tuple[Voice, tuple[Quote, ...]], ...]:
        """The quotes person by person; the person of the central sentence first."""
        speaks = self.central.voice.number if self.central else None
        first = [voice for voice in self.people if voice.number == speaks]
        rest = [voice for voice in self.people if voice.number != speaks]
        return tuple(
            (voice, tuple(q for q in self.quotes if q.voice.number == voice.number))
            for voice in (*first, *rest)
        )


@dataclass(frozen=True)
class ThemesView:
    """n_read: answers that were read for themes, of n_readable. quoted_from: how many answers it takes to quote them, in
    a round that has fewer; None where they are quoted."""

    themes: tuple[ThemeView, ...]
    vague: tuple[Quote, ...]
    n_read: int
    n_readable: int
    fewest_for_common_ground: int
    quoted_from: int | None = None

    @property
    def is_sample(self) -> bool:
        return self.n_read < self.n_readable

    @property
    def common_ground(self) -> tuple[ThemeView, ...]:
        return tuple(theme for theme in self.themes if theme.is_common_ground)

    @property
    def nearest(self) -> ThemeView | None:
        return next((theme for theme in self.themes if not theme.is_vague), None)

    @property
    def shared(self) -> tuple[ThemeView, ...]:
        """What several people say and mean: without the vague."""
        return tuple(theme for theme in self.themes if not theme.is_vague)

    @property
    def shared_vague(self) -> tuple[ThemeView, ...]:
        return tuple(theme for theme in self.themes if theme.is_vague)


def present_themes(
    document: dict[str, Any], voices: Sequence[Voice], renamed: Mapping[int, ReportEdit]
) -> ThemesView | None:
    """None for a report of before there were themes, or without answers. renamed: by theme, the edit of its label."""
    found = document.get("themes")
    if not found or not found["pieces"]:
        return None
    quotes = [Quote(voices[piece["answer"]], piece["start"], piece["end"]) for piece in found["pieces"]]
    quoted_from = quoted_from_of(document)
    return ThemesView(
        themes=tuple(
            _theme(number, theme, quotes if quoted_from is None else None, voices, renamed.get(number - 1))
            for number, theme in enumerate(found["themes"], start=1)
        ),
        vague=tuple(quotes[k] for k in found["vague"]) if quoted_from is None else (),
        n_read=found["n_read"],
        n_readable=found["n_readable"],
        fewest_for_common_ground=found["fewest_for_common_ground"],
        quoted_from=quoted_from,
    )


def quoted_from_of(document: dict[str, Any]) -> int | None:
    """How many answers it takes to set sentences under themes, where the round has fewer; else None."""
    facts = document["round"]
    minimum = int(facts.get("min_theme_answers", MIN_THEME_ANSWERS))
    return minimum if is_withheld(facts["confidentiality"], facts["n_answered"], minimum=minimum) else None


def without_quotes(document: dict[str, Any]) -> dict[str, Any]:
    """The document of a round with too few answers to quote under themes: labels and counts, no sentence, nobody."""
    found = document.get("themes")
    if not found or quoted_from_of(document) is None:
        return document
    bare: dict[str, Any] = {"label_at": None, "pieces": [], "central": None, "people": []}
    themes = [{**theme, **bare, "n": len(theme["people"])} for theme in found["themes"]]
    return {**document, "themes": {**found, "pieces": [], "vague": [], "themes": themes}}


def _theme(
    number: int,
    theme: dict[str, Any],
    quotes: Sequence[Quote] | None,
    voices: Sequence[Voice],
    edit: ReportEdit | None,
) -> ThemeView:
    mine = tuple(quotes[k] for k in theme["pieces"]) if quotes else ()
    return ThemeView(
        number=number,
        label=str(edit.payload["label"]) if edit else str(theme["label"]),
        measured_label=str(theme["label"]),
        edit=edit,
        terms=tuple(theme["terms"]),
        n=len(theme["people"]),
        central=quotes[theme["central"]] if quotes else None,
        quotes=mine,
        people=tuple(voices[person] for person in theme["people"]) if quotes else (),
        share=theme["share"],
        is_vague=theme["is_vague"],
        is_common_ground=theme["is_common_ground"],
    )
