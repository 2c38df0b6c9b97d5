from __future__ import annotations

from app.analysis.elements import read_element
from tests.analysis.fakes import FirstWordJudge

JUDGE = FirstWordJudge(sure=0.99)


def test_saying_nothing_is_not_disagreeing() -> None:
    united = read_element(["Clinics in Europe", "Clinics of all sizes", "Clinics"], judge=JUDGE)
    with_silence = read_element(
        ["Clinics in Europe", None, "Clinics of all sizes", "", "Clinics", "n/a"], judge=JUDGE
    )
    assert with_silence.agreement == united.agreement
    assert (with_silence.mentioned, with_silence.n_not_mentioned) == ((0, 2, 4), 3)
    assert [set(group) for group in with_silence.groups] == [{0, 2, 4}]


def test_another_element_is_another_group_and_lowers_the_agreement() -> None:
    reading = read_element(["Clinics", "Clinics first", "Speed", "Clinics only"], judge=JUDGE)
    assert [set(group) for group in reading.groups] == [{0, 1, 3}, {2}]
    assert 0.3 < (reading.agreement.estimate or 0.0) < 0.7


def test_a_text_that_names_no_whole_strategy_counts_all_the_same() -> None:
    assessing = FirstWordJudge(sure=0.99, assesses=True)
    reading = read_element(["vague a", "vague b", "vague c"], judge=assessing)
    assert reading.agreement.estimate is not None
    assert reading.agreement.estimate > 0.9


def test_two_who_mention_it_are_too_few_to_measure() -> None:
    reading = read_element(["Clinics", None, "Clinics"], judge=JUDGE)
    assert not reading.agreement.is_known
    assert reading.groups == ()


def test_a_text_in_another_language_is_neither_silence_nor_disagreement() -> None:
    foreign = "Nous servons uniquement les petites cliniques de la région avec un service complet"
    reading = read_element(["Clinics", foreign, "Clinics", "Clinics", None], judge=JUDGE)
    assert (reading.unread, reading.n_not_mentioned) == ((1,), 1)
    assert (reading.agreement.estimate or 0.0) > 0.9
