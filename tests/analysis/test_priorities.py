from __future__ import annotations

from itertools import combinations

from app.analysis import priorities
from app.analysis.priorities import match_priorities
from tests.analysis.fakes import FirstWordJudge

JUDGE = FirstWordJudge(sure=0.98)


def test_items_are_matched_across_lists_and_counted_by_lists() -> None:
    lists = [
        ["Clinics first", "Speed of delivery", "Margin"],
        ["Speed", "Clinics in Europe", "Talent"],
        ["Clinics only", "Brand"],
    ]
    reading = match_priorities(lists, judge=JUDGE)
    shared = {priority.people: len(priority.entries) for priority in reading.priorities[:2]}
    assert shared == {(0, 1, 2): 3, (0, 1): 2}
    assert reading.to_document() | {"distinct": None} == {
        "n": 3,
        "n_items": 8,
        "distinct": None,
        "two_thirds": 2,
        "on_every_list": 1,
        "on_two_thirds": 2,
        "on_one_list": 3,
        "is_judged": True,
    }
    assert reading.low <= len(reading.priorities) == 5 <= reading.high


def test_two_items_of_one_list_are_two_priorities_however_alike() -> None:
    reading = match_priorities(
        [["Clinics in the north", "Clinics in the south"], ["Clinics at home"], ["Clinics abroad"]],
        judge=JUDGE,
    )
    for priority in reading.priorities:
        people = [person for person, _ in priority.entries]
        assert len(set(people)) == len(people)
    assert len(reading.priorities) == 2


def test_two_items_of_one_list_stay_apart_when_nobody_else_shares_them() -> None:
    reading = match_priorities([["Clinics in the north", "Clinics in the south"], ["Margin"]], judge=JUDGE)
    assert len(reading.priorities) == 3


def test_words_in_common_count_beside_the_judge() -> None:
    unsure = FirstWordJudge(sure=0.6)
    reading = match_priorities(
        [["Electronic tag on every rope"], ["Tags for ropes"], ["Stop standard products"]], judge=unsure
    )
    assert [len(priority.people) for priority in reading.priorities] == [2, 1]


def test_the_same_words_twice_on_one_list_are_one_item() -> None:
    reading = match_priorities([["Clinics.", "clinics"], ["Speed"]], judge=JUDGE)
    assert reading.n_items == 2


def test_who_shares_what_adds_up_to_all_priorities() -> None:
    lists = [["Clinics", "Speed"], ["Clinics now", "Speed now"], ["Margin"]]
    reading = match_priorities(lists, judge=JUDGE)
    assert reading.intersections() == (((0, 1), 2), ((2,), 1))
    assert sum(n for _, n in reading.intersections()) == len(reading.priorities)


def test_the_order_of_the_people_does_not_matter() -> None:
    lists = [["Clinics first", "Speed of delivery"], ["Speed", "Margin"], ["Clinics only"]]
    one, other = match_priorities(lists, judge=JUDGE), match_priorities(lists[::-1], judge=JUDGE)
    assert one.to_document() == other.to_document()


def test_empty_lists_and_placeholders_are_no_lists() -> None:
    reading = match_priorities([[], ["n/a", ""], ["Speed"]], judge=JUDGE)
    assert (reading.n, reading.n_items, len(reading.priorities)) == (1, 1, 1)
    assert reading.on_at_least(2) == 0
    assert match_priorities([], judge=JUDGE).priorities == ()


def test_a_priority_in_another_language_is_kept_and_matched_by_its_words() -> None:
    foreign = "Nous servons uniquement les petites cliniques de la région avec un service complet"
    reading = match_priorities([[foreign, "Speed"], [foreign.upper()], ["Speed"]], judge=JUDGE)
    assert {priority.people for priority in reading.priorities} == {(0, 1), (0, 2)}


def test_very_many_items_are_matched_by_words_and_it_is_said() -> None:
    lists = [["Speed", f"Project number {k} of the region"] for k in range(priorities.MATCHED_UP_TO)]
    reading = match_priorities(lists, judge=JUDGE)
    assert not reading.is_judged
    assert reading.priorities[0].people == tuple(range(priorities.MATCHED_UP_TO))
    assert all(not set(a.entries) & set(b.entries) for a, b in combinations(reading.priorities[:5], 2))
