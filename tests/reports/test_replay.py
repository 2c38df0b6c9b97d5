"""The facilitator's edits, replayed over a document: pure, in order, and never a number changed."""

from __future__ import annotations

import copy
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.models import EditKind, ReportSection
from app.reports.redaction import NOT_SHOWN
from app.reports.replay import Edit, Reading, apply_edits, reference

WORDS = ["North we go.", "North, always.", "South we win.", "South of them.", "Speed.", "Be the best.", ""]
# Answer 5 makes no choice; answer 6 could not be read.
CAMPS = [{"members": [0, 1], "representative": 0}, {"members": [2, 3], "representative": 3},
         {"members": [4], "representative": 4}]  # fmt: skip
READINGS = ["read", "read", "read", "hard to read", "read", "no choice", "not read"]


def document(texts: list[str] = WORDS) -> dict[str, Any]:
    """A report of seven answers in three camps; two of the answers say "North", and make a theme."""
    pieces = [
        {"answer": 0, "start": 0, "end": 12, "text": texts[0][:12], "names": 0.9, "theme": 0},
        {"answer": 1, "start": 0, "end": 6, "text": texts[1][:6], "names": 0.9, "theme": 0},
    ]
    return {
        "statements": [
            {"label": f"Answer {k}", "name": None, "text": t} for k, t in enumerate(texts, start=1)
        ],
        "analysis": {
            "camps": copy.deepcopy(CAMPS),
            "answers": [{"reading": reading, "note": None} for reading in READINGS],
            "belonging": [[1.0 if i == j else 0.1 * ((i + j) % 7) for j in range(7)] for i in range(7)],
        },
        "camp_labels": [{"text": "North we go", "answer": 0, "start": 0, "end": 11}, None, None],
        "themes": {
            "pieces": pieces,
            "themes": [
                {"label": "North we go", "label_at": {"answer": 0, "start": 0, "end": 11}, "terms": ["north", "go"],
                 "pieces": [0, 1], "central": 0, "people": [0, 1]},
            ],
        },
        "questions": [
            {"key": "stop", "results": {"texts": [{"text": "The old line", "person": None}]}},
            {"key": "top", "results": {"priorities": [
                {"label": "Hire", "items": [{"text": "Hire"}, {"text": "Recruit"}], "n_lists": 2}]}},
            {"key": "guess", "results": None},
        ],
    }  # fmt: skip


DOCUMENT = document()


def ref(number: int, of: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    return reference(of, number)


def replay(*edits: tuple[EditKind, str, dict[str, Any]], of: dict[str, Any] = DOCUMENT) -> Reading:
    return apply_edits(of, [Edit(k, *edit) for k, edit in enumerate(edits, start=1)])


def move(answer: int, to: int | str) -> tuple[EditKind, str, dict[str, Any]]:
    return EditKind.MOVE_ANSWER, "", {"answer": ref(answer), "to": ref(to) if isinstance(to, int) else to}


def merge(stays: int, goes: int) -> tuple[EditKind, str, dict[str, Any]]:
    return EditKind.MERGE_CAMPS, "", {"camp": ref(stays), "with": ref(goes)}


def split(*leaving: int) -> tuple[EditKind, str, dict[str, Any]]:
    return EditKind.SPLIT_CAMP, "", {"answers": [ref(k) for k in leaving]}


def rename(answer: int, name: str) -> tuple[EditKind, str, dict[str, Any]]:
    return EditKind.RENAME_CAMP, "", {"camp": ref(answer), "name": name}


def hide(answer: int, words: str | None = None) -> tuple[EditKind, str, dict[str, Any]]:
    return EditKind.HIDE_QUOTE, "", {"answer": ref(answer), "words": words}


def members(reading: Reading) -> dict[int, tuple[int, ...]]:
    return {camp.number: camp.members for camp in reading.camps or ()}


def test_without_edits_it_is_the_document_itself() -> None:
    reading = replay()
    assert reading.document is DOCUMENT
    assert reading.camps is None
    assert not reading.skipped


def test_an_answer_moves_and_strategies_keep_their_numbers() -> None:
    assert members(replay(move(1, 3))) == {2: (1, 2, 3), 1: (0,), 3: (4,)}
    assert members(replay(move(4, "none"))) == {1: (0, 1), 2: (2, 3)}
    assert members(replay(move(5, "own"))) == {1: (0, 1), 2: (2, 3), 3: (4,), 4: (5,)}


def test_who_speaks_for_a_camp_is_chosen_anew_only_where_that_person_left() -> None:
    assert [c.representative for c in replay(move(0, 3)).camps or () if c.number == 1] == [1]
    assert [c.representative for c in replay(move(1, 3)).camps or () if c.number == 2] == [3]


def test_camps_merge_and_split() -> None:
    assert members(replay(merge(2, 0))) == {2: (0, 1, 2, 3), 3: (4,)}
    assert members(replay(split(3))) == {1: (0, 1), 2: (2,), 3: (4,), 4: (3,)}
    assert members(replay(merge(0, 2), split(0, 2))) == {1: (1, 3), 4: (0, 2), 3: (4,)}


def test_a_name_goes_with_its_camp() -> None:
    reading = replay(rename(0, "Go north"), move(4, 1))
    assert [(c.number, c.name) for c in reading.camps or ()] == [(1, "Go north"), (2, None)]


def test_an_edit_that_no_longer_fits_says_so_and_the_later_ones_apply() -> None:
    # Undone: the merge that the split was made on.
    reading = replay(split(0, 2), move(4, "none"))
    assert reading.skipped == {1: "The answers that were to leave do not stand in one camp any more."}
    assert members(reading) == {1: (0, 1), 2: (2, 3)}
    assert replay(split(0, 1)).skipped == {1: "Nobody would be left in the camp."}
    assert replay(merge(0, 1)).skipped == {1: "The two are one camp already."}
    assert replay(move(6, 0)).skipped == {1: "The answer could not be read, so it stands in no camp."}


def test_edits_find_their_answers_in_a_document_that_was_built_anew() -> None:
    newer = document([WORDS[3], WORDS[0], "East is best.", WORDS[2], WORDS[4], WORDS[5], ""])
    reading = replay(move(3, "none"), move(1, 0), of=newer)
    assert members(reading) == {2: (2, 3), 1: (1,), 3: (4,)}
    assert reading.skipped == {2: "The answer is not in the report any more, or its words have changed."}


def test_answers_in_the_same_words_are_told_apart() -> None:
    twice = document(["We win.", "We win.", *WORDS[2:]])
    assert [reference(twice, k)["nth"] for k in (0, 1)] == [0, 1]
    moved = apply_edits(
        twice,
        [Edit(1, EditKind.MOVE_ANSWER, "", {"answer": reference(twice, 1), "to": "none"})],
    )
    assert members(moved)[1] == (0,)


def test_hidden_words_are_nowhere_in_the_document_and_what_is_counted_stays() -> None:
    before = copy.deepcopy(DOCUMENT)
    reading = replay(hide(0), (EditKind.HIDE_QUOTE, "The old line", {"question": "stop"}),
                     (EditKind.HIDE_QUOTE, "Hire", {"question": "top"}))  # fmt: skip
    shown = str(reading.document)
    assert not [words for words in ("we go", "old line", "Hire") if words in shown]
    assert before == DOCUMENT
    theme = reading.document["themes"]["themes"][0]
    assert (theme["label"], theme["central"], theme["people"], theme["terms"]) == (
        "North,",
        1,
        [0, 1],
        ["north"],
    )
    assert reading.document["camp_labels"][0] is None
    assert reading.document["analysis"] is DOCUMENT["analysis"]
    assert reading.document["questions"][1]["results"]["priorities"][0]["label"] == "Recruit"
    assert reading.hidden_answers == {0}


def test_some_words_of_an_answer_can_be_hidden_and_quotes_stay_in_place() -> None:
    reading = replay(hide(1, "always"), hide(0, "North"))
    assert [s["text"] for s in reading.document["statements"][:2]] == [
        "[not shown] we go.",
        "North, [not shown].",
    ]
    for piece in reading.document["themes"]["pieces"]:
        text = reading.document["statements"][piece["answer"]]["text"]
        assert piece["text"] == text[piece["start"] : piece["end"]]
    assert replay(hide(1, "never")).skipped == {1: "These words do not stand in the answer any more."}
    assert replay(hide(1), hide(1)).skipped == {2: "This is not shown already."}


def test_comments_stand_with_their_section_in_the_order_they_were_made() -> None:
    reading = replay((EditKind.COMMENT, "camps", {"text": "a"}), (EditKind.COMMENT, "camps", {"text": "b"}))
    assert reading.comments == {ReportSection.CAMPS: (1, 2)}


ANSWERS = st.integers(0, 6)
EDITS = st.one_of(
    st.builds(move, ANSWERS, st.one_of(ANSWERS, st.sampled_from(["none", "own"]))),
    st.builds(merge, ANSWERS, ANSWERS),
    st.lists(ANSWERS, min_size=1, max_size=4, unique=True).map(lambda picked: split(*picked)),
    st.builds(rename, ANSWERS, st.sampled_from(["One", "Two"])),
    st.builds(hide, ANSWERS, st.sampled_from([None, "North", "o"])),
    st.sampled_from(
        [(EditKind.COMMENT, "forks", {"text": "x"}), (EditKind.RENAME_THEME, "North,", {"label": "N"})]
    ),
)


@settings(max_examples=300)
@given(st.lists(EDITS, max_size=12), st.data())
def test_any_edits_leave_every_answer_in_one_place_or_none_and_every_number_as_measured(
    edits: list[tuple[EditKind, str, dict[str, Any]]], data: st.DataObject
) -> None:
    reading = replay(*edits)
    camps = members(reading) if reading.camps is not None else {0: ()}
    assert not [1 for a, b in combinations(camps.values(), 2) if set(a) & set(b)]
    assert all(camp.members and camp.representative in camp.members for camp in reading.camps or ())
    assert 6 not in {member for camp in camps.values() for member in camp}
    assert reading.document["analysis"] is DOCUMENT["analysis"]
    assert replay(*edits) == reading
    for piece in reading.document["themes"]["pieces"]:
        text = reading.document["statements"][piece["answer"]]["text"]
        assert piece["text"] == text[piece["start"] : piece["end"]]
    # Some undone, whichever: the rest still replays; all undone: as measured.
    kept = [edit for edit in edits if data.draw(st.booleans())]
    assert set(replay(*kept).skipped) <= set(range(1, len(kept) + 1))
    assert replay() == Reading(DOCUMENT, None, frozenset(), {}, {}, {})


@pytest.mark.parametrize("text", ["aXbXc", "XX", "abc"])
@given(spans=st.lists(st.sampled_from(["X", "a", "b", "bX", "c", None]), min_size=1, max_size=3))
def test_nothing_of_hidden_words_is_left(text: str, spans: list[str | None]) -> None:
    of = document([text, *WORDS[1:]])
    hidden = [(EditKind.HIDE_QUOTE, "", {"answer": ref(0, of), "words": words}) for words in spans]
    shown = replay(*hidden, of=of).document["statements"][0]["text"]
    left = shown.replace(NOT_SHOWN, "|")
    assert not [words for words in spans if (words or text) in left and (words or text) in text]
