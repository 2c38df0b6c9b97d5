"""What several people say: the common ground, and every theme with the sentences that it rests on."""

from __future__ import annotations

from app.exports import figures
from app.exports.content import Block, Group, Quoted, Section, Text
from app.reports.models import ReportSection
from app.reports.presenting import ReportView
from app.reports.themes import ThemesView, ThemeView
from app.reports.titles import TITLES

# As on the page: under three answers nothing is called common.
FEWEST_FOR_THEMES = 3
# More themes than that are counted.
MOST_THEMES = 40


def common_ground(report: ReportView) -> Section | None:
    found = report.themes
    if found is None or found.n_read < FEWEST_FOR_THEMES:
        return None
    blocks: list[Block] = []
    if found.is_sample:
        blocks.append(
            Text(
                f"Of {found.n_readable} answers {found.n_read} were read for this, picked by lot: shares are of these."
            )
        )
    if found.common_ground:
        blocks += [theme_block(theme, found) for theme in found.common_ground]
    else:
        nearest = (
            f" The nearest is said by {found.nearest.n} of {found.n_read}; it would take "
            f"{found.fewest_for_common_ground}."
            if found.nearest
            else ""
        )
        blocks.append(Text(f"There is nothing that two thirds of you say.{nearest}", "lead"))
        blocks += [theme_block(found.nearest, found)] if found.nearest else []
    vague = [*(theme.central for theme in found.shared_vague if theme.central), *found.vague]
    if vague:
        blocks.append(
            Group(
                title="Too general to agree on",
                aside=(
                    "In these sentences the judge finds no choice that somebody could decide against, so they count as "
                    "agreement on nothing. It errs at times: read them."
                ),
                first=(),
                others=tuple(Quoted(quote.text, quote.voice.source) for quote in vague),
            )
        )
    return Section(
        key="common-ground",
        part=ReportSection.COMMON_GROUND,
        title=TITLES[ReportSection.COMMON_GROUND],
        lead="What at least two thirds of you say, whatever strategy they name: on this you can build.",
        blocks=tuple(blocks),
        notes=("Start the thesis from here: it is what you need not fight over.",),
    )


def who_says_what(report: ReportView) -> Section | None:
    found = report.themes
    if found is None or not found.themes:
        return None
    above = found.common_ground or ((found.nearest,) if found.nearest else ())
    return Section(
        key="themes",
        part=ReportSection.THEMES,
        title=TITLES[ReportSection.THEMES],
        lead="What at least two of you say, with labels in your own words and every sentence that a theme rests on.",
        blocks=(
            figures.themes(report, found),
            *(
                theme_block(theme, found)
                for theme in found.themes[:MOST_THEMES]
                if not theme.is_vague and theme.number not in {each.number for each in above}
            ),
        ),
        notes=("Ask who would add themselves to a theme, and who is surprised to stand in one.",),
    )


def _unquoted(found: ThemesView) -> str:
    return f"; themes are quoted from {found.quoted_from} answers on" if found.quoted_from else ""


def theme_block(theme: ThemeView, found: ThemesView) -> Group:
    rest = [quote for _voice, quotes in theme.of_each for quote in quotes if quote is not theme.central]
    edited = ""
    if theme.edit is not None:
        edited = f" (label by the facilitator; measured: “{theme.measured_label}”)"
    return Group(
        title=theme.label if theme.edit else f"“{theme.label}”",
        aside=f"{theme.n} of {found.n_read} say it{edited}{_unquoted(found)}",
        first=(Quoted(theme.central.text, theme.central.voice.source),) if theme.central else (),
        others=tuple(Quoted(quote.text, quote.voice.source) for quote in rest),
        anchor=f"theme-{theme.number}",
    )
