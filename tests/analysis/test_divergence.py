from __future__ import annotations

import json

import numpy as np
import pytest

from app.analysis import analyse
from app.analysis.divergence import excluding
from app.analysis.wording import percent
from tests.analysis.fakes import FirstWordJudge

NINE_WORDS = ["north", "south", "east", "west", "up", "down", "in", "out", "over"]
NINE = [
    f"{word} we go with reason {i}."
    for i, word in enumerate(["north"] * 4 + ["south"] * 3 + ["east", "west"])
]


def test_the_document_is_what_the_schema_promises() -> None:
    document = analyse(NINE, judge=FirstWordJudge(), identifier="team-1").to_document()
    assert document["schema"] == "ninefold.analysis/1"
    assert document["id"] == "team-1"
    assert document["n"] == 9
    assert set(document["agreement"]) == {"estimate", "low", "high"}
    assert set(document["strategies"]) == {"estimate", "low", "high", "effective"}
    for name in ("same", "opposed", "belonging"):
        matrix = np.array(document[name], dtype=float)
        assert matrix.shape == (9, 9)
        assert np.array_equal(matrix, matrix.T)
        assert matrix.min() >= 0
        assert matrix.max() <= 1
    assert [camp["members"] for camp in document["camps"]] == [[0, 1, 2, 3], [4, 5, 6], [7], [8]]
    assert all(camp["representative"] in camp["members"] for camp in document["camps"])
    assert document["method"]["judge"] == "first word"
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_the_headline_says_the_number_and_the_chance() -> None:
    analysis = analyse(NINE, judge=FirstWordJudge())
    chance = percent(analysis.agreement.estimate or 0.0)
    assert analysis.headline.sentence == (
        f"Nine executives, four strategies: pick any two, and the chance that they name the same one is {chance}"
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    one, other = (analyse(NINE, judge=FirstWordJudge(), guesses=[50] * 9).to_document() for _ in range(2))
    assert json.dumps(one) == json.dumps(other)


def test_identical_answers_are_one_strategy_even_for_an_unsure_judge() -> None:
    analysis = analyse(["We go up-market.", "we go up market"] * 5, judge=FirstWordJudge(sure=0.5))
    assert analysis.agreement.estimate == pytest.approx(1.0)
    assert analysis.strategies.estimate == 1
    assert analysis.strategies.effective == pytest.approx(1.0)
    assert percent(analysis.agreement.estimate or 0) == "100 %"


@pytest.mark.parametrize("n", [0, 1, 2])
def test_under_three_answers_no_number_is_given(n: int) -> None:
    document = analyse(NINE[:n], judge=FirstWordJudge()).to_document()
    assert document["agreement"] == {"estimate": None, "low": None, "high": None}
    assert document["strategies"]["estimate"] is None
    assert document["headline"]["chance"] is None
    assert n == 0 or any("Too few to tell" in note for note in document["notes"])


def test_thirty_answers_are_read() -> None:
    texts = [f"{word} for reason {i}" for i in range(6) for word in ("north", "south", "east", "west", "up")]
    analysis = analyse(texts, judge=FirstWordJudge(sure=0.95))
    assert analysis.strategies.estimate == 5
    assert analysis.method["posterior"] == "sampled"


def test_nine_empty_answers_say_so() -> None:
    analysis = analyse([""] * 9, judge=FirstWordJudge())
    assert analysis.headline.sentence == "Nine executives, and none of the answers could be read."
    assert analysis.camps == ()


def test_answers_that_cannot_be_read_keep_their_place() -> None:
    texts = ["north one", "🙂", "north two", "", "south three", "Мы продаём только напрямую"]
    document = analyse(texts, judge=FirstWordJudge()).to_document()
    assert document["n"] == 6
    assert document["n_read"] == 3
    assert [item["index"] for item in document["left_out"]] == [1, 3, 5]
    assert document["same"][1] == [None] * 6
    assert [row[3] for row in document["belonging"]] == [None] * 6
    assert [camp["members"] for camp in document["camps"]] == [[0, 2], [4]]
    assert document["answers"][1] == {
        "reading": "not read",
        "camps": [],
        "reason": "no words",
        "note": "It holds no words.",
    }
    assert "Answer 4 was left out. It is empty." in document["notes"]


def test_answers_without_a_strategy_agree_with_nobody() -> None:
    judge = FirstWordJudge(assesses=True)
    texts = ["north a", "north b", "north c", "vague d", "vague e"]
    analysis = analyse(texts, judge=judge)
    assert [answer.reading for answer in analysis.answers] == ["clear"] * 3 + ["no strategy named"] * 2
    assert [camp.members for camp in analysis.camps] == [(0, 1, 2)]
    assert analysis.belonging[3, 4] == 0.0
    alone = analyse(texts[:3], judge=judge).agreement.estimate
    assert analysis.agreement.estimate == pytest.approx((alone or 0) * 3 / 10)
    assert "Answers 4 and 5 name no strategy and so agree with nobody." in analysis.notes


def test_only_vague_answers_are_no_strategy() -> None:
    analysis = analyse(["vague a", "vague b", "vague c"], judge=FirstWordJudge(assesses=True))
    assert analysis.strategies.estimate == 0
    assert analysis.agreement.estimate == 0.0
    assert "no strategies" in analysis.headline.sentence


def test_an_answer_that_is_hard_to_read_is_marked() -> None:
    analysis = analyse(["north a", "riddle b", "south c"], judge=FirstWordJudge(assesses=True))
    assert [answer.reading for answer in analysis.answers] == ["clear", "hard to read", "clear"]


def test_each_answer_belongs_first_to_its_own_camp() -> None:
    analysis = analyse(NINE, judge=FirstWordJudge())
    for k, camp in enumerate(analysis.camps):
        for member in camp.members:
            assert analysis.answers[member].camps[0][0] == k


def test_opposed_camps_are_named_with_their_sharpest_pair() -> None:
    strongest = analyse(NINE, judge=FirstWordJudge()).oppositions[0]
    assert strongest.camps == (0, 1)
    # The judge leaves 0.9 for "not the same" and 0.8 of it for "opposed"; the posterior is sure that they are apart.
    assert strongest.probability == pytest.approx(0.8 / 0.9, abs=0.01)
    assert strongest.pair == (0, 4)


def test_belonging_and_opposition_of_a_pair_never_add_up_to_more_than_one() -> None:
    rng = np.random.default_rng(7)
    same = rng.uniform(0, 1, (40, 40))
    opposed = rng.uniform(0, 1, (40, 40)) * (1 - same)
    same[3, 4], opposed[3, 4] = 1.0, 0.0
    belonging = rng.uniform(0, 1, (40, 40))
    exclusive = excluding(same, opposed, belonging)
    assert (belonging + exclusive <= 1 + 1e-12).all()
    # The raw number of the judge does not hold that, which is why there is this function.
    assert (belonging + opposed > 1).any()
    assert exclusive[3, 4] == 0.0
    assert np.isnan(
        excluding(np.full((1, 1), np.nan), np.full((1, 1), np.nan), np.full((1, 1), np.nan))
    ).all()


def test_evidence_moves_the_report() -> None:
    before = analyse(NINE, judge=FirstWordJudge()).belonging[7, 8]
    after = analyse(NINE, judge=FirstWordJudge(), evidence=[(7, 8, 6.0)]).belonging[7, 8]
    assert after > before + 0.3


def test_agreement_rises_as_answers_are_exchanged_one_by_one() -> None:
    texts = [f"{word} because {i}" for i, word in enumerate(NINE_WORDS)]
    chances = []
    for changed in range(9):
        now = [f"north because {i}" if i <= changed else text for i, text in enumerate(texts)]
        chances.append(analyse(now, judge=FirstWordJudge(sure=0.8)).agreement.estimate)
    assert chances == sorted(chances)
    assert chances[-1] > 0.9 > 0.2 > chances[0]  # type: ignore[operator]


def test_guesses_are_compared_with_the_measurement() -> None:
    analysis = analyse(NINE, judge=FirstWordJudge(), guesses=[80, 90, None, 70, 85, 75, 80, None, 80])
    assert analysis.perception is not None
    assert analysis.perception.n == 7
    assert analysis.perception.guess.estimate == pytest.approx(0.8)
    gap = analysis.perception.gap
    assert gap.estimate == pytest.approx(0.8 - (analysis.agreement.estimate or 0))
    assert gap.low < gap.estimate < gap.high  # type: ignore[operator]


def test_without_guesses_nothing_is_said_about_perception() -> None:
    assert analyse(NINE, judge=FirstWordJudge(), guesses=[None] * 9).perception is None


@pytest.mark.parametrize(
    "wrong", [{"guesses": [1.0]}, {"guesses": [101] * 9}, {"labels": ["a"]}, {"evidence": [(0, 9, 1.0)]},
              {"evidence": [(2, 2, 1.0)]}, {"evidence": [(0, 1, float("nan"))]}]
)  # fmt: skip
def test_nonsense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"answers|percentage"):
        analyse(NINE, judge=FirstWordJudge(), **wrong)  # type: ignore[arg-type]


def test_progress_ends_at_one() -> None:
    shares: list[float] = []
    analyse(NINE, judge=FirstWordJudge(), progress=lambda _what, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
