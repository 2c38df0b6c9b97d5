from __future__ import annotations

from app.analysis import theme_lineage
from app.analysis.theme_lineage import ReadThemes, match_themes
from app.analysis.themes import read_themes
from tests.analysis.fakes import FirstWordJudge

JUDGE = FirstWordJudge(assesses=True)
BEFORE = ("Ropes on ships. Cheap.", "Ropes for ever.", "Cheap wins.", "Dealers matter.", "Dealers first.")
AFTER = (
    "Dealers it is.",
    "Dealers always.",
    "Ropes stay.",
    "Ropes. Cheap.",
    "Schools teach us.",
    "Schools.",
)


def read(texts: tuple[str, ...]) -> ReadThemes:
    return ReadThemes(texts, read_themes(texts, judge=JUDGE).to_document())


def said(found: ReadThemes, theme: int) -> str:
    return (
        str(found.themes["pieces"][found.themes["themes"][theme]["central"]]["text"]).split()[0].strip(".,")
    )


def test_themes_that_stay_are_found_whatever_their_place() -> None:
    before, after = read(BEFORE), read(AFTER)
    pairs = match_themes(before, after, judge=JUDGE)
    assert pairs is not None
    assert {(said(before, m.before), said(after, m.after)) for m in pairs} == {
        ("Ropes", "Ropes"),
        ("Dealers", "Dealers"),
    }
    assert {m.before for m in match_themes(before, before, judge=JUDGE) or ()} == set(
        range(len(before.themes["themes"]))
    )


def test_nothing_matches_nothing_and_too_many_are_not_read() -> None:
    empty = read(("One.", "Two."))
    assert match_themes(empty, read(AFTER), judge=JUDGE) == ()
    many = read(tuple(f"Ropes {k}." for k in range(theme_lineage.MOST_ANSWERS)))
    assert match_themes(many, read(AFTER), judge=JUDGE) is None


def test_themes_that_are_not_alike_are_not_paired_for_want_of_others() -> None:
    after = read(("Ropes stay.", "Ropes again.", "Schools teach us.", "Schools."))
    pairs = match_themes(read(BEFORE), after, judge=JUDGE)
    assert [said(after, match.after) for match in pairs or ()] == ["Ropes"]
