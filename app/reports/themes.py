"""The part "themes" of a report as its page, and every export, says it: labels, quotes, people, common ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    central: the sentence that stands for the theme. quotes: all of it, in the order of the answers."""

    number: int
    label: str
    measured_label: str
    edit: ReportEdit | None
    terms: tuple[str, ...]
    central: Quote
    quotes: tuple[Quote, ...]
    people: tuple[Voice, ...]
    share: float
    is_vague: bool
    is_common_ground: bool

    @property
    def n(self) -> int:
        return len(self.people)

    @property
    def of_each(self) -> tuple[tuple[Voice, tuple[Quote, ...]], ...]:
        """The quotes person by person; the person of the central sentence first."""
        first = [voice for voice in self.people if voice.number == self.central.voice.number]
        rest = [voice for voice in self.people if voice.number != self.central.voice.number]
        return tuple(
            (voice, tuple(q for q in self.quotes if q.voice.number == voice.number))
            for voice in (*first, *rest)
        )


@dataclass(frozen=True)
class ThemesView:
    """n_read: answers that were read for themes, of n_readable."""

    themes: tuple[ThemeView, ...]
    vague: tuple[Quote, ...]
    n_read: int
    n_readable: int
    fewest_for_common_ground: int

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
    return ThemesView(
        themes=tuple(
            _theme(number, theme, quotes, voices, renamed.get(number - 1))
            for number, theme in enumerate(found["themes"], start=1)
        ),
        vague=tuple(quotes[k] for k in found["vague"]),
        n_read=found["n_read"],
        n_readable=found["n_readable"],
        fewest_for_common_ground=found["fewest_for_common_ground"],
    )


def _theme(
    number: int,
    theme: dict[str, Any],
    quotes: Sequence[Quote],
    voices: Sequence[Voice],
    edit: ReportEdit | None,
) -> ThemeView:
    mine = tuple(quotes[k] for k in theme["pieces"])
    return ThemeView(
        number=number,
        label=str(edit.payload["label"]) if edit else str(theme["label"]),
        measured_label=str(theme["label"]),
        edit=edit,
        terms=tuple(theme["terms"]),
        central=quotes[theme["central"]],
        quotes=mine,
        people=tuple(voices[person] for person in theme["people"]),
        share=theme["share"],
        is_vague=theme["is_vague"],
        is_common_ground=theme["is_common_ground"],
    )
