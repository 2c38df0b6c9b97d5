"""The demo company keeps what its story promises, and the example spreadsheets say the same as the demo."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from email_validator import validate_email

from app.demo.content import MERROWBY, OPPOSED, Answer, Camp, Quarter, day
from app.surveys.answering.parsing import KINDS
from app.surveys.kinds import checked_settings
from app.surveys.models import Question, QuestionKind

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
ANSWERS = [(quarter, answer) for quarter in MERROWBY.quarters for answer in quarter.answers]


def camp_sizes(quarter: Quarter) -> list[int]:
    return sorted(Counter(answer.intended for answer in quarter.answers).values(), reverse=True)


def camp_of(person: str) -> list[Camp]:
    return [answer.intended for _, answer in ANSWERS if answer.person == person]


def longest_shared_run(text: str, source: str) -> int:
    """The number of words in the longest run that stands in both texts in the same order."""
    left, right = (re.findall(r"[a-z']+", part.lower()) for part in (text, source))
    best, row = 0, [0] * (len(right) + 1)
    for word in left:
        row = [0] + [row[j] + 1 if word == other else 0 for j, other in enumerate(right)]
        best = max(best, *row)
    return best


def test_a_run_of_three_shared_words_is_counted_as_three() -> None:
    assert longest_shared_run("We sell cheap rope.", "They say we sell cheap line") == 3


def test_ten_people_have_ten_keys_names_and_valid_addresses() -> None:
    addresses = [
        validate_email(person.email, check_deliverability=False).normalized for person in MERROWBY.people
    ]

    assert len(MERROWBY.people) == 10
    assert len({person.key for person in MERROWBY.people}) == 10
    assert len({person.name for person in MERROWBY.people}) == 10
    assert len(set(addresses)) == 10


def test_no_address_can_belong_to_a_real_person() -> None:
    # RFC 2606 reserves .example: nothing sent there can arrive anywhere.
    assert all(person.email.endswith(".example") for person in MERROWBY.people)


def test_there_are_four_closed_quarters_and_one_open_round() -> None:
    assert [quarter.is_open for quarter in MERROWBY.quarters] == [False, False, False, False, True]
    assert MERROWBY.open_quarter is MERROWBY.quarters[-1]
    assert MERROWBY.closed_quarters == MERROWBY.quarters[:4]


@pytest.mark.parametrize("quarter", MERROWBY.quarters, ids=lambda quarter: quarter.label)
def test_nine_known_people_are_invited_and_nobody_answers_twice(quarter: Quarter) -> None:
    keys = {person.key for person in MERROWBY.people}
    people = [answer.person for answer in quarter.answers]

    assert len(set(quarter.invited)) == len(quarter.invited) == 9
    assert set(quarter.invited) <= keys
    assert set(people) <= set(quarter.invited)
    assert len(set(people)) == len(people)


@pytest.mark.parametrize("quarter", MERROWBY.closed_quarters, ids=lambda quarter: quarter.label)
def test_everybody_answered_the_closed_quarters(quarter: Quarter) -> None:
    assert quarter.open_people == ()


def test_four_have_answered_the_open_round_and_the_visitor_has_not() -> None:
    assert len(MERROWBY.open_quarter.answers) == 4
    assert len(MERROWBY.open_quarter.open_people) == 5
    assert MERROWBY.visitor in MERROWBY.open_quarter.open_people


def test_rounds_follow_each_other_and_every_answer_came_while_its_round_was_open() -> None:
    for quarter, answer in ANSWERS:
        answered_on_day = quarter.opens_on_day + answer.days_after_opening
        assert quarter.opens_on_day <= answered_on_day < min(quarter.closes_on_day, 0)
    for earlier, later in pairwise(MERROWBY.quarters):
        assert earlier.closes_on_day < later.opens_on_day


def test_one_person_leaves_and_one_joins_between_the_second_and_the_third_quarter() -> None:
    invited = [set(quarter.invited) for quarter in MERROWBY.quarters]

    assert invited[0] == invited[1]
    assert invited[1] - invited[2] == {"duncan"}
    assert invited[2] - invited[1] == {"sofia"}
    assert invited[2] == invited[3] == invited[4]


def test_the_thesis_is_written_between_quarters_two_and_three_and_refined_after_it() -> None:
    _, second, third, fourth = MERROWBY.closed_quarters
    first_version, second_version = MERROWBY.theses

    assert second.closes_on_day < first_version.written_on_day < third.opens_on_day
    assert third.closes_on_day < second_version.written_on_day < fourth.opens_on_day
    assert first_version.text != second_version.text
    assert {version.written_by for version in MERROWBY.theses} == {MERROWBY.facilitator}


def test_each_thesis_version_has_one_to_three_sentences() -> None:
    assert all(1 <= len(re.findall(r"[.!?](?:\s|$)", version.text)) <= 3 for version in MERROWBY.theses)


def test_six_strategies_become_five_three_and_three() -> None:
    assert [camp_sizes(quarter) for quarter in MERROWBY.closed_quarters] == [
        [2, 2, 2, 1, 1, 1],
        [4, 2, 1, 1, 1],
        [6, 2, 1],
        [7, 1, 1],
    ]


def test_both_opposed_pairs_are_present_in_the_first_quarter() -> None:
    present = {answer.intended for answer in MERROWBY.quarters[0].answers}

    assert all(set(pair) <= present for pair in OPPOSED)


def test_two_people_dissent_from_the_first_answer_to_the_last() -> None:
    thesis = Camp.CARE
    never_joined = {
        person.key
        for person in MERROWBY.people
        if len(camp_of(person.key)) >= 4 and thesis not in camp_of(person.key)
    }

    assert never_joined == {"tobias", "weilin"}
    assert len(set(camp_of("tobias"))) == len(set(camp_of("weilin"))) == 1


def test_six_people_moved_to_the_thesis_in_their_own_words_so_that_a_paired_test_can_see_it() -> None:
    first, *_, last = MERROWBY.closed_quarters
    before = {answer.person: answer.intended for answer in first.answers}
    moved = [
        answer.person
        for answer in last.answers
        if answer.intended is Camp.CARE and before.get(answer.person, Camp.CARE) is not Camp.CARE
    ]

    # With five the smallest two-sided p of a sign-flip test is 2/32 = .06, with six it is 2/64 = .03.
    assert len(moved) == 6
    assert "sofia" not in moved  # she quotes it, and was not there in the first quarter


def test_guesses_are_percentages_high_at_first_and_more_sober_afterwards() -> None:
    means = []
    for quarter in MERROWBY.closed_quarters:
        assert all(0 <= guess <= 100 for guess in quarter.guesses.values())
        means.append(sum(quarter.guesses.values()) / len(quarter.guesses))

    assert 75 <= means[0] <= 80
    assert means[1] < means[2] < means[3] < means[0]


def test_answers_run_from_eight_words_to_many_and_no_two_are_alike() -> None:
    lengths = [len(answer.text.split()) for _, answer in ANSWERS]

    assert min(lengths) == 8
    assert 60 <= max(lengths) <= 90
    assert len({answer.text for _, answer in ANSWERS}) == len(ANSWERS)


def test_every_text_is_clean_on_the_outside() -> None:
    for _, answer in ANSWERS:
        assert answer.text == answer.text.strip()
        assert "  " not in answer.text


def test_exactly_one_answer_quotes_the_thesis_and_the_others_use_their_own_words() -> None:
    versions = [version.text for version in MERROWBY.theses]

    def shared(answer: Answer) -> int:
        return max(longest_shared_run(answer.text, version) for version in versions)

    later = [(quarter, answer) for quarter, answer in ANSWERS if quarter not in MERROWBY.quarters[:2]]
    quoting = {(quarter.label, answer.person) for quarter, answer in later if shared(answer) >= 12}
    own_words = [answer for quarter, answer in later if (quarter.label, answer.person) not in quoting]

    assert quoting == {("Quarter 4", "sofia")}
    assert max(shared(answer) for answer in own_words) <= 5


def test_a_day_is_counted_from_the_day_of_loading() -> None:
    assert day(-4, loaded_on=date(2026, 3, 2)) == date(2026, 2, 26)


def test_a_person_is_found_by_key_and_an_unknown_key_is_refused() -> None:
    assert MERROWBY.person("weilin").name == "Goh Wei Lin"
    with pytest.raises(KeyError):
        MERROWBY.person("nobody")


def test_the_product_never_reads_the_intended_strategies() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"\.intended\b", path.read_text(encoding="utf-8"))
    ]

    assert readers == []


def test_the_example_of_nine_answers_is_the_first_quarter() -> None:
    with (EXAMPLES / "nine-answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert rows == [
        {
            "person": MERROWBY.person(answer.person).name,
            "role": MERROWBY.person(answer.person).role,
            "answer": answer.text,
        }
        for answer in MERROWBY.quarters[0].answers
    ]


def test_the_example_of_four_quarters_is_the_closed_quarters() -> None:
    with (EXAMPLES / "four-quarters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert rows == [
        {"round": quarter.label, "person": MERROWBY.person(answer.person).name, "answer": answer.text}
        for quarter in MERROWBY.closed_quarters
        for answer in quarter.answers
    ]


def test_the_table_in_the_documentation_shows_the_intended_strategies() -> None:
    text = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]

    for person in MERROWBY.people:
        (row,) = (row for row in rows if row[0] == person.name)
        shown = [cell.removesuffix(", copied") for cell in row[2:]]
        meant = [
            next((str(answer.intended) for answer in quarter.answers if answer.person == person.key), "")
            for quarter in MERROWBY.quarters
        ]
        assert row[1] == person.role
        assert shown == meant


def test_the_example_thesis_is_the_latest_version() -> None:
    assert (EXAMPLES / "thesis.txt").read_text(encoding="utf-8") == MERROWBY.theses[-1].text + "\n"


def test_quarter_four_asks_more_and_everybody_answered_all_of_it() -> None:
    fourth = MERROWBY.closed_quarters[-1]

    assert [further.kind for further in fourth.further] == [
        QuestionKind.FORK,
        QuestionKind.FORK,
        QuestionKind.PRIORITIES,
        QuestionKind.STAGE_CHOICE,
        QuestionKind.CONFIDENCE,
    ]
    for further in fourth.further:
        assert set(further.answers) == set(fourth.invited)
        assert checked_settings(further.kind, further.settings) == further.settings


def test_the_further_answers_are_answers_that_a_person_could_have_given() -> None:
    for further in MERROWBY.closed_quarters[-1].further:
        question = Question(kind=further.kind, settings=further.settings, is_required=True)
        for value in further.answers.values():
            kind = KINDS[further.kind]
            assert kind.parse(question, kind.edit(value)) == value


def test_the_echo_check_can_be_tried_on_the_last_closed_quarter() -> None:
    assert -30 < MERROWBY.closed_quarters[-1].closes_on_day < 0
