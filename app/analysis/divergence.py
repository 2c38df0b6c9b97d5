"""One round read: how many strategies nine answers name, who names the same, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.analysis import many, mapping, partitions, second, wording
from app.analysis.judge import Judge, PairJudgements
from app.analysis.result import (
    UNKNOWN,
    Analysis,
    Answer,
    Camp,
    Estimate,
    Matrix,
    Opposition,
    Perception,
    Strategies,
)
from app.analysis.texts import REASONS, Screened, readable_part, same_words, screen

FEWEST = 3  # readable answers under which there is too little to tell
NAMES_NONE = 0.5  # an answer names no strategy when the judge gives it less than this
HARD_TO_READ = 0.5  # and is hard to read below this
SHOWN = 0.05  # camps that an answer belongs to with less are not listed
RESAMPLES = 2_000
SEED = 20250901

Progress: TypeAlias = Callable[[str, float], None]


def analyse(
    texts: Sequence[str],
    *,
    judge: Judge,
    guesses: Sequence[float | None] | None = None,
    evidence: Iterable[partitions.Evidence] = (),
    labels: Sequence[str] | None = None,
    identifier: str | int | None = None,
    progress: Progress | None = None,
    anchors: Mapping[int, tuple[float, float]] | None = None,
) -> Analysis:
    """Read one round of answers.

    texts: one answer a person, in a fixed order; everything in the result is numbered by it.
    guesses: what each person expects, 0 to 100 per cent: "pick a colleague at random; how likely did
        they describe the same strategy?"; None for a person without a guess.
    evidence: (i, j, log_odds): what people say about a pair, added to the judge's log odds.
    labels: what stands beside the points of the map; by default 1, 2, 3, ...
    progress: called with what is being done and the share that is done, 0 to 1.
    anchors: where the same people stood on an earlier map, by answer; this map is turned to it.

    Answers that cannot be read (texts.screen) keep their row and column, filled with NaN. Answers that
    name no strategy, where the judge can tell, agree with nobody: they count in the agreement as people
    who do not name the same strategy, and are in no camp. Under three readable answers agreement and the
    number of strategies are unknown.

    The same input gives the same result to the last digit. Raises ValueError when guesses or labels do
    not match the answers, or evidence names an answer that is not there.
    """
    n = len(texts)
    _check(n, guesses, labels, evidence := tuple(evidence))
    report = progress or (lambda _what, _share: None)
    report("Reading the answers", 0.0)
    screened = screen(texts)
    read = [i for i, item in enumerate(screened) if item.is_readable]
    report("Judging the answers, pair by pair", 0.1)
    if len(read) > many.MOST_IN_FULL:
        result = _analyse_many(
            screened, read, judge, guesses=guesses, evidence=evidence, labels=labels, identifier=identifier
        )
        report("Done", 1.0)
        return result
    judged = judged_texts(judge, [screened[i] for i in read])
    report("Weighing every way to split them", 0.8)

    strategic = [i for i, place in zip(read, range(len(read)), strict=True) if _names_one(judged, place)]
    places = [read.index(i) for i in strategic]
    belonging_read = np.eye(len(read))
    posterior = None
    camps: tuple[Camp, ...] = ()
    if strategic:
        posterior = partitions.partition_posterior(
            judged.same[np.ix_(places, places)],
            judge.posterior,
            evidence=_between(evidence, strategic),
            identical=identical_pairs([screened[i].text for i in strategic]),
        )
        belonging = posterior.belonging()
        n_camps = partitions.number_of_strategies(posterior)[0]
        belonging_read[np.ix_(places, places)] = belonging
        camps = tuple(
            _camp(members, strategic, belonging, judged.same[np.ix_(places, places)])
            for members in partitions.central_partition(posterior, belonging, n_camps=n_camps)
        )
    same = _in_full(judged.same, read, n)
    opposed = _in_full(judged.opposed, read, n)
    in_full = _in_full(belonging_read, read, n)
    agreement, strategies = _measures(posterior, n_read=len(read))
    answers = tuple(
        _answer(i, screened[i], judged, read, camps, in_full, n_strategic=len(strategic)) for i in range(n)
    )
    camp_of = {member: k for k, camp in enumerate(camps) for member in camp.members}
    names = [str(label) for label in labels] if labels is not None else [str(i + 1) for i in range(n)]
    report("Drawing the map", 0.95)
    drawn = mapping.layout(
        belonging_read,
        [names[i] for i in read],
        indices=read,
        camps=[camp_of.get(i) for i in read],
        anchors=anchors,
    )
    result = Analysis(
        identifier=identifier,
        n=n,
        n_read=len(read),
        agreement=agreement,
        strategies=strategies,
        same=same,
        opposed=opposed,
        belonging=in_full,
        camps=camps,
        oppositions=oppositions(camps, excluding(same, opposed, in_full)),
        answers=answers,
        perception=_perception(guesses, agreement),
        map=drawn,
        headline=wording.headline(n, len(read), strategies, agreement),
        method=method_card(
            judge, n=n, n_read=len(read), n_evidence=len(evidence), exact=_exactness(posterior)
        )
        | {
            "second": _second_reading(
                judge,
                [screened[i] for i in read],
                places,
                [camp_of[i] for i in strategic],
                agreement,
                strategies,
            )
        },
        notes=tuple(_notes(screened, answers, n_read=len(read), n_strategic=len(strategic), judge=judge)),
    )
    report("Done", 1.0)
    return result


def _second_reading(
    judge: Judge,
    screened: Sequence[Screened],
    places: Sequence[int],
    camps: list[int],
    agreement: Estimate,
    strategies: Strategies,
) -> dict[str, Any] | None:
    """What the judge's plain encoder alone says of the same answers (second.py), by itself and without evidence.

    screened: the answers that were read. places, camps: those that name a strategy, by the judge, and their camps.
    """
    other = second.second_judge(judge)
    if other is None or not FEWEST <= len(places) <= len(screened) <= second.MOST_ANSWERS:
        return None
    same = judged_texts(other, screened).same[np.ix_(places, places)]
    identical = identical_pairs([screened[place].text for place in places])
    posterior = partitions.partition_posterior(same, other.posterior, identical=identical)
    others_agreement, others_strategies = _measures(posterior, n_read=len(screened))
    labels = [0] * len(places)
    number = partitions.number_of_strategies(posterior)[0]
    for k, members in enumerate(
        partitions.central_partition(posterior, posterior.belonging(), n_camps=number)
    ):
        for member in members:
            labels[member] = k
    return second.beside(other, (agreement, strategies, camps), (others_agreement, others_strategies, labels))


def _analyse_many(
    screened: Sequence[Screened],
    read: Sequence[int],
    judge: Judge,
    *,
    guesses: Sequence[float | None] | None,
    evidence: tuple[partitions.Evidence, ...],
    labels: Sequence[str] | None,
    identifier: str | int | None,
) -> Analysis:
    """`analyse` for more answers than can be looked at pair by pair; see many.py."""
    n = len(screened)
    found = many.read_crowd(
        judge,
        [readable_part(screened[i]) for i in read],
        evidence=_between(evidence, read),
        names_none=NAMES_NONE,
    )
    place = {i: k for k, i in enumerate(read)}
    agreement, strategies = _measures(found.posterior, n_read=len(read))
    answers = tuple(_answer_of_many(screened[i], found, place.get(i)) for i in range(n))
    names = [str(label) for label in labels] if labels is not None else [str(i + 1) for i in range(n)]
    notes = _notes(
        screened,
        answers,
        n_read=len(read),
        n_strategic=found.posterior.n if found.posterior else 0,
        judge=judge,
    )
    notes.append(
        f"With more than {many.MOST_IN_FULL} answers each is judged against its nearest ones only, {found.n_near:,} "
        f"pairs in all; the map shows {len(found.on_map)} answers, drawn by the hash of their text."
    )
    return Analysis(
        identifier=identifier,
        n=n,
        n_read=len(read),
        agreement=agreement,
        strategies=strategies,
        same=None,
        opposed=None,
        belonging=None,
        camps=tuple(
            Camp(tuple(read[m] for m in camp.members), read[camp.representative], camp.cohesion)
            for camp in found.camps
        ),
        oppositions=tuple(
            replace(item, pair=(read[item.pair[0]], read[item.pair[1]])) for item in found.oppositions
        ),
        answers=answers,
        perception=_perception(guesses, agreement),
        map=many.draw_map(found, [names[i] for i in read], read),
        headline=wording.headline(n, len(read), strategies, agreement),
        method=method_card(
            judge, n=n, n_read=len(read), n_evidence=len(evidence), exact="sampled on near pairs"
        )
        | {"near_pairs": found.n_near},
        notes=tuple(notes),
    )


def _answer_of_many(screened: Screened, found: many.CrowdReading, place: int | None) -> Answer:
    if screened.reason is not None or place is None:
        reason = screened.reason or ""
        return Answer("not read", (), reason, REASONS[reason])
    if found.names_strategy is not None and found.names_strategy[place] < NAMES_NONE:
        return Answer("no strategy named", (), None, screened.note)
    is_hard = found.legible is not None and bool(found.legible[place] < HARD_TO_READ)
    return Answer("hard to read" if is_hard else "clear", found.leanings[place], None, screened.note)


def agreement_among(screened: Sequence[Screened], *, judge: Judge) -> Estimate:
    """The agreement of `analyse`, without the rest of it; unknown under three readable answers."""
    readable = [item for item in screened if item.is_readable]
    if len(readable) < FEWEST:
        return UNKNOWN
    if len(readable) > many.MOST_IN_FULL:
        found = many.posterior_of_many(
            judge, [readable_part(item) for item in readable], names_none=NAMES_NONE
        )
        return _measures(found, n_read=len(readable))[0]
    judged = judged_texts(judge, readable)
    places = [place for place in range(len(readable)) if _names_one(judged, place)]
    posterior = None
    if places:
        posterior = partitions.partition_posterior(
            judged.same[np.ix_(places, places)],
            judge.posterior,
            identical=identical_pairs([readable[place].text for place in places]),
        )
    return _measures(posterior, n_read=len(readable))[0]


def judged_texts(judge: Judge, readable: Sequence[Screened]) -> PairJudgements:
    """The judge on screened answers; word for word identical ones are the same beyond doubt."""
    judged = judge.judge([readable_part(item) for item in readable])
    same, opposed = judged.same.copy(), judged.opposed.copy()
    for i, j in identical_pairs([item.text for item in readable]):
        same[i, j] = same[j, i] = 1.0
        opposed[i, j] = opposed[j, i] = 0.0
    return replace(judged, same=same, opposed=opposed)


def identical_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of answers that are the same but for case, punctuation and spacing."""
    plain = [same_words(text) for text in texts]
    return [(i, j) for i, j in combinations(range(len(texts)), 2) if plain[i] == plain[j]]


def method_card(
    judge: Judge, *, n: int, n_read: int, n_evidence: int = 0, exact: str | None
) -> dict[str, Any]:
    """How the numbers came about, as plain facts for the report."""
    settings = judge.posterior.of(n_read)
    return {
        "judge": judge.name,
        "fingerprint": judge.fingerprint,
        **judge.facts,
        "temperature": settings.temperature,
        "offset": settings.offset,
        "camp_weight": settings.camp_weight,
        "posterior": exact,
        "interval": partitions.INTERVAL,
        "answers": n,
        "answers_read": n_read,
        "evidence": n_evidence,
        "software": _versions(),
    }


def _check(
    n: int,
    guesses: Sequence[float | None] | None,
    labels: Sequence[str] | None,
    evidence: tuple[partitions.Evidence, ...],
) -> None:
    if guesses is not None and len(guesses) != n:
        raise ValueError(f"There are {n} answers but {len(guesses)} guesses.")
    if guesses is not None and any(g is not None and not 0 <= g <= 100 for g in guesses):
        raise ValueError("A guess is a percentage, 0 to 100.")
    if labels is not None and len(labels) != n:
        raise ValueError(f"There are {n} answers but {len(labels)} labels.")
    for i, j, log_odds in evidence:
        if not (0 <= i < n and 0 <= j < n and i != j and np.isfinite(log_odds)):
            raise ValueError(f"The evidence ({i}, {j}, {log_odds}) does not name two different answers.")


def _names_one(judged: PairJudgements, place: int) -> bool:
    return judged.names_strategy is None or bool(judged.names_strategy[place] >= NAMES_NONE)


def _between(evidence: Iterable[partitions.Evidence], kept: Sequence[int]) -> list[partitions.Evidence]:
    place = {index: k for k, index in enumerate(kept)}
    return [(place[i], place[j], x) for i, j, x in evidence if i in place and j in place]


def _camp(members: tuple[int, ...], strategic: Sequence[int], belonging: Matrix, same: Matrix) -> Camp:
    pairs = list(combinations(members, 2))
    return Camp(
        members=tuple(strategic[m] for m in members),
        representative=strategic[partitions.representative(members, belonging, same)],
        cohesion=float(np.mean([belonging[i, j] for i, j in pairs])) if pairs else None,
    )


def _in_full(matrix: Matrix, read: Sequence[int], n: int) -> Matrix:
    full = np.full((n, n), np.nan)
    full[np.ix_(read, read)] = matrix
    return full


def _measures(posterior: partitions.PartitionPosterior | None, *, n_read: int) -> tuple[Estimate, Strategies]:
    if n_read < FEWEST:
        return UNKNOWN, Strategies(None, None, None, None)
    if posterior is None:
        # People answered and nobody named a strategy: nobody names the same one, and there are none.
        return Estimate(0.0, 0.0, 0.0), Strategies(0, 0, 0, None)
    strategic = posterior.n
    mode, low, high = partitions.number_of_strategies(posterior)
    effective = float(posterior.weights @ posterior.effective_numbers())
    strategies = Strategies(mode, low, high, effective)
    if strategic < 2:
        return Estimate(0.0, 0.0, 0.0), strategies
    among = partitions.agreement(posterior)
    # Pairs with an answer that names no strategy are pairs that do not name the same one.
    share = strategic * (strategic - 1) / (n_read * (n_read - 1))
    scaled = [None if value is None else value * share for value in (among.estimate, among.low, among.high)]
    return Estimate(*scaled), strategies


def _answer(
    index: int,
    screened: Screened,
    judged: PairJudgements,
    read: Sequence[int],
    camps: Sequence[Camp],
    belonging: Matrix,
    *,
    n_strategic: int,
) -> Answer:
    if screened.reason is not None:
        return Answer("not read", (), screened.reason, REASONS[screened.reason])
    place = read.index(index)
    if not _names_one(judged, place):
        return Answer("no strategy named", (), None, screened.note)
    is_hard = judged.legible is not None and bool(judged.legible[place] < HARD_TO_READ)
    leanings: list[tuple[int, float]] = []
    for k, camp in enumerate(camps):
        others = [m for m in camp.members if m != index]
        if index in camp.members:
            chance = (
                float(np.mean([belonging[index, m] for m in others]))
                if others
                else _alone(index, belonging, read)
            )
        else:
            chance = float(np.mean([belonging[index, m] for m in others]))
            if judged.stated is not None:
                # An answer that says two things stands in one camp, and says what the other says too.
                said = [judged.stated[place, read.index(m)] for m in others]
                chance = max(chance, float(np.mean(said)))
        if chance >= SHOWN or index in camp.members:
            leanings.append((k, chance))
    leanings.sort(key=lambda item: (index not in camps[item[0]].members, -item[1], item[0]))
    return Answer("hard to read" if is_hard else "clear", tuple(leanings), None, screened.note)


def _alone(index: int, belonging: Matrix, read: Sequence[int]) -> float:
    """How sure it is that an answer stands alone: as sure as that its nearest neighbour is not with it."""
    others = [float(belonging[index, m]) for m in read if m != index]
    return 1.0 - max(others, default=0.0)


def excluding(same: Matrix, opposed: Matrix, belonging: Matrix) -> Matrix:
    """P(two answers exclude each other) under the posterior, (n, n), symmetric.

        excluding = opposed / (1 - same) * (1 - belonging)

    The judge says how likely a pair is opposed if it is not the same; the posterior says how likely it is not the
    same. So belonging + excluding <= 1 for every pair, which the judge's raw number beside the posterior's belonging
    does not hold. 0 where the judge is sure that they are the same; NaN, an answer that was not read, stays NaN.

    >>> import numpy as np
    >>> a = lambda x: np.array([[1.0, x], [x, 1.0]])
    >>> excluding(a(0.2), a(0.4), a(0.6))[0, 1].round(6)  # half of what is left of 1 after 0.6
    np.float64(0.2)
    """
    rest = 1.0 - same
    share = np.where(rest > 1e-9, np.minimum(opposed / np.maximum(rest, 1e-9), 1.0), 0.0)
    return np.asarray(np.where(np.isnan(same), np.nan, share * (1.0 - belonging)))


def oppositions(camps: Sequence[Camp], exclusive: Matrix) -> tuple[Opposition, ...]:
    """Every two camps with the mean P(excluding each other) between their answers, most opposed first."""
    found: list[Opposition] = []
    for a, b in combinations(range(len(camps)), 2):
        block = exclusive[np.ix_(camps[a].members, camps[b].members)]
        row, column = np.unravel_index(int(np.argmax(np.round(block, 9))), block.shape)
        pair = (camps[a].members[int(row)], camps[b].members[int(column)])
        found.append(Opposition((a, b), float(block.mean()), pair))
    return tuple(sorted(found, key=lambda item: (-round(item.probability, 9), item.camps)))


def _perception(guesses: Sequence[float | None] | None, agreement: Estimate) -> Perception | None:
    given = np.array([g / 100 for g in guesses or () if g is not None])
    if given.size == 0:
        return None
    mean = float(given.mean())
    if given.size < FEWEST:
        # Two guesses say little about the spread of guesses; the mean is given without an interval.
        gap = None if agreement.estimate is None else mean - agreement.estimate
        return Perception(int(given.size), Estimate(mean, None, None), Estimate(gap, None, None))
    rng = np.random.default_rng(SEED)
    means = given[rng.integers(0, given.size, (RESAMPLES, given.size))].mean(axis=1)
    guess = Estimate(mean, *_between_tails(means))
    if agreement.estimate is None or agreement.low is None or agreement.high is None:
        return Perception(int(given.size), guess, UNKNOWN)
    gap = mean - agreement.estimate
    # Guesses and measurement err independently of each other, so their half-widths add as squares.
    down = np.hypot(mean - (guess.low or 0.0), agreement.high - agreement.estimate)
    up = np.hypot((guess.high or 0.0) - mean, agreement.estimate - agreement.low)
    return Perception(int(given.size), guess, Estimate(gap, gap - float(down), gap + float(up)))


def _between_tails(sample: NDArray[np.float64]) -> tuple[float, float]:
    tail = (1.0 - partitions.INTERVAL) / 2.0
    low, high = np.quantile(sample, [tail, 1.0 - tail])
    return float(low), float(high)


def _exactness(posterior: partitions.PartitionPosterior | None) -> str | None:
    if posterior is None:
        return None
    return "exact" if posterior.is_exact else "sampled"


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("ninefold", "numpy", "scipy", "sentence-transformers"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _notes(
    screened: Sequence[Screened], answers: Sequence[Answer], *, n_read: int, n_strategic: int, judge: Judge
) -> list[str]:
    notes: list[str] = []
    if screened and n_read < FEWEST:
        readable = f"there {'is' if n_read == 1 else 'are'} {wording.counted(n_read, 'answer', 'answers')}"
        notes.append(f"Too few to tell: agreement needs three answers that can be read, and {readable}.")
    for reason, sentence in REASONS.items():
        numbers = [str(i + 1) for i, item in enumerate(screened) if item.reason == reason]
        if len(numbers) == 1:
            notes.append(f"Answer {numbers[0]} was left out. {sentence}")
        elif numbers:
            plural = (
                sentence.replace("It is", "They are")
                .replace("It holds", "They hold")
                .replace("It says", "They say")
            )
            notes.append(f"Answers {wording.listed(numbers)} were left out. {plural}")
    notes += [f"Answer {i + 1}: {item.note}" for i, item in enumerate(screened) if item.note]
    silent = [str(i + 1) for i, answer in enumerate(answers) if answer.reading == "no strategy named"]
    if silent:
        verb = "names" if len(silent) == 1 else "name"
        notes.append(
            f"{'Answer' if len(silent) == 1 else 'Answers'} {wording.listed(silent)} {verb} no strategy and so "
            "agree with nobody.".replace("agree", "agrees" if len(silent) == 1 else "agree")
        )
    hard = [str(i + 1) for i, answer in enumerate(answers) if answer.reading == "hard to read"]
    if hard:
        notes.append(
            f"{'Answer' if len(hard) == 1 else 'Answers'} {wording.listed(hard)} "
            f"{'is' if len(hard) == 1 else 'are'} worded so that the judge is unsure of the meaning."
        )
    if n_read >= 2:
        notes += [str(note) for note in judge.facts.get("caveats", ())]
    if n_strategic > partitions.EXACT_LIMIT:
        notes.append(
            f"With more than {wording.number(partitions.EXACT_LIMIT)} answers the ways to split them are sampled, "
            "not counted out; the same answers always give the same sample."
        )
    return notes
