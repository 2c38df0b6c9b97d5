from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.comparing.cuts import EVERYBODY_ELSE, Cut, make_cuts
from app.surveys.confidentiality import MIN_ANSWERS_WITHOUT_NAMES, may_publish


def sizes(cut: Cut) -> dict[str, int]:
    return {str(group.name): group.n for group in cut.groups}


def people(*parts: tuple[str, int]) -> dict[int, str]:
    values = [value for value, n in parts for _ in range(n)]
    return dict(enumerate(values))


def test_small_groups_are_everybody_else() -> None:
    cut = make_cuts(
        {"function": people(("Sales", 6), ("HR", 3), ("", 2), ("sales ", 1))},
        minimum=MIN_ANSWERS_WITHOUT_NAMES,
    )["function"]
    assert sizes(cut) == {"Sales": 7, str(EVERYBODY_ELSE): 5}


def test_too_small_a_rest_refuses_the_cut() -> None:
    cut = make_cuts(
        {"function": people(("Sales", 6), ("IT", 5), ("HR", 4))}, minimum=MIN_ANSWERS_WITHOUT_NAMES
    )["function"]
    assert not cut.groups
    assert "too few people would be left over" in (cut.refused or "")


def test_one_group_is_no_comparison() -> None:
    assert "no two groups" in (
        make_cuts({"function": people(("Sales", 9))}, minimum=MIN_ANSWERS_WITHOUT_NAMES)["function"].refused
        or ""
    )
    assert "no two groups" in (
        make_cuts({"function": {}}, minimum=MIN_ANSWERS_WITHOUT_NAMES)["function"].refused or ""
    )


def test_the_second_cut_is_refused_where_both_together_tell_of_few() -> None:
    levels = dict(enumerate(["Board"] * 9 + ["Staff"] * 11))
    cuts = make_cuts(
        {"function": people(("Sales", 10), ("IT", 10)), "level": levels}, minimum=MIN_ANSWERS_WITHOUT_NAMES
    )
    assert sizes(cuts["function"]) == {"IT": 10, "Sales": 10}
    assert "Beside the other comparison" in (cuts["level"].refused or "")
    assert not make_cuts({"level": levels}, minimum=MIN_ANSWERS_WITHOUT_NAMES)["level"].refused


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C", ""]), st.sampled_from("XYZ")), max_size=40))
def test_whatever_is_shown_may_be_shown_together(values: list[tuple[str, str]]) -> None:
    cuts = make_cuts({"function": {k: f for k, (f, _) in enumerate(values)}, "level": {k: v for k, (_, v) in enumerate(values)}}, minimum=MIN_ANSWERS_WITHOUT_NAMES)  # fmt: skip
    shown = [group.members for cut in cuts.values() for group in cut.groups]
    assert not shown or may_publish(shown, len(values), MIN_ANSWERS_WITHOUT_NAMES)
