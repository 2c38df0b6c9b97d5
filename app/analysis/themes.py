"""What several answers say, even where their strategies differ: their clauses, grouped by the judge.

    answers -> clauses (clauses.py), each with its place in the answer
            -> P(two clauses of different answers say the same), from the judge reading each clause in the place of
               its own answer among the others
            -> average linkage over pairs of different people, down to TOGETHER
            -> themes: a label in the people's own words, quotes, people

Everything that is said of a theme can be looked up: its pieces are verbatim spans of the answers.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.analysis.clauses import clauses_of
from app.analysis.divergence import FEWEST, NAMES_NONE, judged_texts
from app.analysis.judge import Judge, PairJudgements
from app.analysis.phrases import Phrase, label_of, places_of, terms_of, weight_of
from app.analysis.result import Document, Matrix
from app.analysis.texts import Screened, readable_part, screen

# Mean P(same) of two groups of clauses above which they are one theme. Chosen on teams of nine from the development
# companies: people who share a theme so found name the same strategy 67 times in 100, where any two do so 28 times.
# A lower cut joins what is only near, a higher one finds few themes (docs/measures-in-code.md).
TOGETHER = 0.35
TWO_TOGETHER = 0.45  # for a theme of two people, who are more easily joined by chance
COMMON = 2 / 3  # share of the answers that makes a theme common ground
MOST_READ = 60  # answers; of larger rounds so many are read for themes, chosen by the hash of their text
PLACES = 6


@dataclass(frozen=True)
class Piece:
    """A clause: its answer, its place in the text of that answer (characters), and the text there, word for word.

    names: P(it names a choice at all); None where the judge cannot tell. theme: position in Themes.themes, or None.
    """

    answer: int
    start: int
    end: int
    text: str
    names: float | None
    theme: int | None = None

    @property
    def is_vague(self) -> bool:
        return self.names is not None and self.names < NAMES_NONE

    def to_document(self) -> Document:
        return {
            "answer": self.answer,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "names": None if self.names is None else round(self.names, PLACES),
            "theme": self.theme,
        }


@dataclass(frozen=True)
class Theme:
    """Clauses of at least two people that say the same.

    label: words of one of its clauses, and where they stand. terms: what its clauses say more often than the others
    do. pieces: positions in Themes.pieces, in the order of the answers; central: the one nearest to those of other
    people. people: answers. cohesion: mean P(same) over its pairs of clauses of different people. is_vague: more than
    half of its people say it only in clauses that name no choice; then it is no agreement on anything.
    """

    label: Phrase
    terms: tuple[str, ...]
    pieces: tuple[int, ...]
    central: int
    people: tuple[int, ...]
    share: float
    cohesion: float
    is_vague: bool

    @property
    def is_common_ground(self) -> bool:
        return not self.is_vague and self.share >= COMMON - 1e-9

    def to_document(self) -> Document:
        return {
            "label": self.label.text,
            "label_at": self.label.place,
            "terms": list(self.terms),
            "pieces": list(self.pieces),
            "central": self.central,
            "people": list(self.people),
            "share": round(self.share, PLACES),
            "cohesion": round(self.cohesion, PLACES),
            "is_vague": self.is_vague,
            "is_common_ground": self.is_common_ground,
        }


@dataclass(frozen=True)
class Themes:
    """All themes of a round, those of most people first.

    n_read: answers that were read for them; n_readable: answers that could be. vague: positions of the clauses that
    name no choice and are in no theme; they count as agreement with nobody.
    """

    n_read: int
    n_readable: int
    pieces: tuple[Piece, ...]
    themes: tuple[Theme, ...]
    vague: tuple[int, ...]

    def to_document(self) -> Document:
        """The "themes" of ninefold.report/1; see docs/measures-in-code.md for every key."""
        return {
            "n_read": self.n_read,
            "n_readable": self.n_readable,
            "pieces": [piece.to_document() for piece in self.pieces],
            "themes": [theme.to_document() for theme in self.themes],
            "common_ground": [k for k, theme in enumerate(self.themes) if theme.is_common_ground],
            "fewest_for_common_ground": math.ceil(self.n_read * COMMON - 1e-9),
            "vague": list(self.vague),
            "together": TOGETHER,
            "two_together": TWO_TOGETHER,
        }


def read_themes(texts: Sequence[str], *, judge: Judge) -> Themes:
    """What several of these answers say.

    texts: one answer a person, as for `analyse`; the numbers of answers and the places of characters refer to them.
    Answers that cannot be read have no pieces. Of more than MOST_READ answers as many are read, chosen by the hash of
    their text: the same ones whatever the order. Under three readable answers there are pieces and no themes.

    The same answers give the same themes. Costs one more judgement of the same texts; a judge that remembers its last
    answer gives it for nothing.
    """
    screened = screen(texts)
    readable = [i for i, item in enumerate(screened) if item.is_readable]
    read = _sample(readable, screened)
    if not read:
        return Themes(0, 0, (), (), ())
    said = [readable_part(screened[i]) for i in read]
    judged = judged_texts(judge, [screened[i] for i in read])
    clauses, owners, same, names = judged_clauses(judge, said, judged)
    pieces = _pieces([texts[i] for i in read], clauses, owners, names)
    groups = _grouped(same, owners) if len(read) >= FEWEST else []
    themes = sorted(
        (_theme(group, pieces, groups, same, owners, n_read=len(read)) for group in groups),
        key=lambda theme: (-len(theme.people), -round(theme.cohesion, 9), theme.pieces),
    )
    theme_of = {piece: k for k, theme in enumerate(themes) for piece in theme.pieces}
    # From here on answers are numbered as the caller numbers them.
    numbered = tuple(
        Piece(read[piece.answer], piece.start, piece.end, piece.text, piece.names, theme_of.get(k))
        for k, piece in enumerate(pieces)
    )
    return Themes(
        n_read=len(read),
        n_readable=len(readable),
        pieces=numbered,
        themes=tuple(
            Theme(
                label=Phrase(read[theme.label.answer], theme.label.start, theme.label.end, theme.label.text),
                terms=theme.terms,
                pieces=theme.pieces,
                central=theme.central,
                people=tuple(read[person] for person in theme.people),
                share=theme.share,
                cohesion=theme.cohesion,
                is_vague=theme.is_vague,
            )
            for theme in themes
        ),
        vague=tuple(k for k, piece in enumerate(numbered) if piece.is_vague and piece.theme is None),
    )


def name_camps(themes: Themes, camps: Sequence[tuple[Sequence[int], int]]) -> tuple[Phrase | None, ...]:
    """For each camp, as (members, representative), words of its own that the other camps say less: its name in talk.

    A clause of the representative comes before one of another member, one that makes a choice before one that makes
    none. None where none of the members was read for themes.
    """
    texts = [piece.text for piece in themes.pieces]
    groups = [
        tuple(k for k, piece in enumerate(themes.pieces) if piece.answer in members) for members, _ in camps
    ]
    found: list[Phrase | None] = []
    for group, (_, representative) in zip(groups, camps, strict=True):
        chosen = [k for k in group if not themes.pieces[k].is_vague] or list(group)
        clauses = [
            (piece.answer, piece.start, piece.text, 1.0 if piece.answer == representative else 0.25)
            for piece in (themes.pieces[k] for k in chosen)
        ]
        found.append(label_of(clauses, terms_of(group, groups, texts), fewest=3) if clauses else None)
    return tuple(found)


def _sample(readable: Sequence[int], screened: Sequence[Screened]) -> list[int]:
    if len(readable) <= MOST_READ:
        return list(readable)
    by_hash = sorted(readable, key=lambda i: (hashlib.sha256(screened[i].text.encode()).digest(), i))
    return sorted(by_hash[:MOST_READ])


def judged_clauses(
    judge: Judge, said: Sequence[str], judged: PairJudgements
) -> tuple[list[str], list[int], Matrix, list[float | None]]:
    """The clauses, their answers, P(same) between them, and P(names a choice).

    For clauses c of answer i and d of answer j

        P(same) = sqrt(P(c states j) * P(d states i)) * (1 - sqrt(P(c excludes j) * P(d excludes i)))

    Each is read in the place of its own answer, because a judge of answers knows little of a clause among clauses (on
    the development companies AUC 0.74 so and 0.61 otherwise); the second factor keeps "standard rope only" and "no
    standard rope" apart. A judge that does not read clauses in place judges them among themselves.
    """
    if judged.parts is not None:
        parts = judged.parts
        stated, excluded = parts.same[:, parts.owners], parts.opposed[:, parts.owners]
        alike = np.sqrt(stated * stated.T) * (1.0 - np.sqrt(excluded * excluded.T))
        names: list[float | None] = [float(p) for p in parts.names_strategy]
        return list(parts.texts), [int(i) for i in parts.owners], alike, names
    groups = [clauses_of(text) for text in said]
    clauses = [clause for group in groups for clause in group]
    owners = [i for i, group in enumerate(groups) for _ in group]
    alone = judge.judge(clauses)
    known = alone.names_strategy
    return (
        clauses,
        owners,
        alone.same,
        [None if known is None else float(known[k]) for k in range(len(clauses))],
    )


def _pieces(
    texts: Sequence[str], clauses: Sequence[str], owners: Sequence[int], names: Sequence[float | None]
) -> list[Piece]:
    found: list[Piece] = []
    for answer, text in enumerate(texts):
        mine = [k for k, owner in enumerate(owners) if owner == answer]
        places = places_of(text, [clauses[k] for k in mine])
        found += [
            Piece(answer, start, end, text[start:end], names[k])
            for k, (start, end) in zip(mine, places, strict=True)
        ]
    return found


def _grouped(same: Matrix, owners: Sequence[int]) -> list[tuple[int, ...]]:
    """Average linkage over pairs of clauses of different people, down to TOGETHER; groups of two people and more.

    What one person says twice is no sharing, so pairs of one person neither join nor part anything.
    """
    author = np.asarray(owners)
    counts = (author[:, None] != author[None, :]).astype(float)
    sums = np.round((same + same.T) / 2.0, 9) * counts
    members = [[k] for k in range(len(owners))]
    while len(members) > 1:
        means = np.where(counts > 0, sums / np.maximum(counts, 1.0), -1.0)
        np.fill_diagonal(means, -1.0)
        first, second = divmod(int(np.argmax(means)), len(members))
        if means[first, second] < TOGETHER:
            break
        keep, gone = sorted((first, second))
        for matrix in (sums, counts):
            matrix[keep] += matrix[gone]
            matrix[:, keep] += matrix[:, gone]
        sums, counts = (np.delete(np.delete(matrix, gone, 0), gone, 1) for matrix in (sums, counts))
        members[keep] += members.pop(gone)
    return sorted(tuple(sorted(group)) for group in members if _is_shared(group, same, owners))


def _is_shared(group: Sequence[int], same: Matrix, owners: Sequence[int]) -> bool:
    people = {owners[k] for k in group}
    return len(people) > 2 or (len(people) == 2 and _cohesion(group, same, owners) >= TWO_TOGETHER)


def _cohesion(group: Sequence[int], same: Matrix, owners: Sequence[int]) -> float:
    """Mean P(same) over the pairs of clauses of different people."""
    return float(np.mean([same[a, b] for a, b in combinations(group, 2) if owners[a] != owners[b]]))


def _theme(
    group: tuple[int, ...],
    pieces: Sequence[Piece],
    groups: Sequence[tuple[int, ...]],
    same: Matrix,
    owners: Sequence[int],
    *,
    n_read: int,
) -> Theme:
    people = sorted({owners[k] for k in group})
    nearness = {k: float(np.mean([same[k, m] for m in group if owners[m] != owners[k]])) for k in group}
    texts = [piece.text for piece in pieces]
    terms = terms_of(group, groups, texts)
    # A clause that makes a choice stands for a theme before one that makes none.
    weights = {k: round(nearness[k] * weight_of(texts[k], terms), 9) for k in group}
    central = min(group, key=lambda k: (pieces[k].is_vague, -weights[k], k))
    plain = {owners[k] for k in group if not pieces[k].is_vague}
    return Theme(
        label=label_of(
            [(pieces[k].answer, pieces[k].start, pieces[k].text, nearness[k]) for k in group], terms
        ),
        terms=tuple(list(terms)[:5]),
        pieces=group,
        central=central,
        people=tuple(people),
        share=len(people) / n_read,
        cohesion=_cohesion(group, same, owners),
        is_vague=2 * len(plain) < len(people),
    )
