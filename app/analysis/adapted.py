"""The trained pair judge: a small adapter to the base encoder, and a head that reads pairs of answers.

An embedding knows the topic of an answer and not the choice in it. This judge was trained on companies
in which people state the same strategy in other words and opposite strategies in the same words; see
docs/judge/model-card.md for data and figures, training/ for how it was made.

    texts -> vectors, one per member of the ensemble (base encoder + low-rank differences)
          -> pair logits (same, opposed, different), by themselves and among the team's other answers
          -> calibrated probabilities, pulled to the base rate where the wording is figurative

The head runs in NumPy; torch is loaded with the first encoding only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.clauses import clauses_of
from app.analysis.encoder import (
    CachedEncoder,
    MiniLMEncoder,
    ModelNotTrusted,
    VectorCache,
    Vectors,
)
from app.analysis.judge import Judge, PairJudgements, Parts, PosteriorSettings
from app.analysis.lowrank import Tensors, adapt
from app.analysis.result import Matrix
from app.analysis.texts import normalise, windows

WEIGHTS = Path(str(files("app.analysis") / "weights"))
NAME = "pair-judge"
SAME, OPPOSED, DIFFERENT = 0, 1, 2

# Pairs read at once; bounds the memory of the head's hidden layer to some 50 MB.
BLOCK = 32_768

Array32 = NDArray[np.float32]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class PairReading:
    """What the members of the ensemble say on average, before calibration.

    same, opposed (n, n): log odds against the other two outcomes together. names, figurative (n,): log
    odds that a text names a strategy, and that its wording is figurative.
    """

    same: Matrix
    opposed: Matrix
    names: Vector
    figurative: Vector


class AdaptedEncoder:
    """The base encoder with each member's adapter; the members' vectors stand side by side, length 1.

    folder: the base model, None for the installed one. Raises ModelNotTrusted at the first encoding when
    base or adapter are not the ones that belong together.
    """

    def __init__(self, weights: AdapterWeights, folder: Path | str | None = None) -> None:
        self.weights = weights
        self._base = MiniLMEncoder(folder, sha256=weights.base_sha256)

    @property
    def name(self) -> str:
        return f"{self._base.name}, adapted"

    @property
    def fingerprint(self) -> str:
        return f"{self.weights.fingerprint}:{self._base.fingerprint}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        pieces = [windows(normalise(text)) for text in texts]
        flat = [piece for group in pieces for piece in group]
        if not flat:
            return np.zeros((0, self.weights.width * self.weights.n_members), dtype=np.float32)
        members = [
            np.asarray(
                model.encode(flat, batch_size=32, show_progress_bar=False, convert_to_numpy=True),
                dtype=np.float64,
            )
            for model in self._members
        ]
        rows = np.stack([_unit(member) for member in members], axis=1)
        lengths = np.array([len(piece) for piece in flat], dtype=np.float64) + 1.0
        ends = np.cumsum([len(group) for group in pieces])
        starts = ends - [len(group) for group in pieces]
        joined = np.add.reduceat(rows * lengths[:, None, None], starts, axis=0)
        whole = _unit(joined) / np.sqrt(self.weights.n_members)
        return np.asarray(whole.reshape(len(texts), -1), dtype=np.float32)

    @cached_property
    def _members(self) -> list[Any]:
        self.weights.verify()
        base = self._base._model
        return [adapt(base, self.weights.member(k, "encoder")) for k in range(self.weights.n_members)]


class AdapterWeights:
    """The files of a trained judge: <NAME>.safetensors, and <NAME>.json with hashes and calibration."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.folder = folder
        try:
            self.manifest: dict[str, Any] = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise ModelNotTrusted(f"There is no readable {NAME}.json in {folder}.") from problem

    @property
    def base_sha256(self) -> str:
        return str(self.manifest["base_sha256"])

    @property
    def n_members(self) -> int:
        return int(self.manifest["members"])

    @property
    def width(self) -> int:
        return int(self.manifest["width"])

    @property
    def fingerprint(self) -> str:
        return f"{NAME}:{self.manifest['weights_sha256'][:16]}"

    def verify(self) -> None:
        """Raises ModelNotTrusted unless the weights are the ones that the manifest names."""
        self.tensors  # noqa: B018 - reading them is the check

    @cached_property
    def tensors(self) -> Tensors:
        from safetensors.numpy import load

        path = self.folder / f"{NAME}.safetensors"
        try:
            data = path.read_bytes()
        except OSError as problem:
            raise ModelNotTrusted(f"The judge's weights {path} cannot be read.") from problem
        found = hashlib.sha256(data).hexdigest()
        if found != self.manifest["weights_sha256"]:
            raise ModelNotTrusted(
                f"The judge's weights {path} are not the ones expected: their SHA-256 begins {found[:12]}, "
                f"not {self.manifest['weights_sha256'][:12]}. Install Ninefold again."
            )
        return dict(load(data))

    def member(self, k: int, part: str) -> Tensors:
        """One member's tensors of one part, "encoder" or "head", under their short names."""
        start = f"{k}.{part}."
        return {name.removeprefix(start): row for name, row in self.tensors.items() if name.startswith(start)}


class Head:
    """training/head.py in NumPy: vectors of one member -> logits of pairs and of texts."""

    def __init__(self, tensors: Tensors) -> None:
        self.weights: dict[str, Array32] = {name: row.astype(np.float32) for name, row in tensors.items()}

    def texts(self, u: Array32) -> Array32:
        """(n, 2): names a strategy, is figurative."""
        hidden = gelu(self._linear("text.0", u * np.float32(u.shape[1] ** 0.5)))
        return self._linear("text.2", hidden)

    def pairs(self, u: Array32, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array32:
        """(pairs, 3) for pairs given by row and column, among all texts of u as their team."""
        context, share = self._context(u)
        centred = u - share * u.mean(axis=0)
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
        root = np.float32(u.shape[1] ** 0.5)
        found = np.empty((len(rows), 3), dtype=np.float32)
        for start in range(0, len(rows), BLOCK):
            part = slice(start, start + BLOCK)
            a, b = u[rows[part]], u[columns[part]]
            cosine = np.einsum("pd,pd->p", a, b)
            hidden = gelu(self._linear("into", np.concatenate([np.abs(a - b), a * b * root], axis=1)))
            alone = self._linear("out", hidden) + cosine[:, None] * self.weights["direct.weight"][:, 0]
            x, y = context[rows[part]], context[columns[part]]
            middle = np.einsum("pd,pd->p", centred[rows[part]], centred[columns[part]])
            team = self._linear("context.out", np.concatenate([np.abs(x - y), x * y], axis=1))
            team += np.stack([cosine, middle], axis=1) @ self.weights["context.direct.weight"].T
            found[part] = alone + team
        return found

    def _context(self, u: Array32) -> tuple[Array32, np.float32]:
        """Each text among the others, (n, inner), and the share of the mean vector to take away."""
        x = self._linear("context.into", u * np.float32(u.shape[1] ** 0.5))
        layer = 0
        while f"context.blocks.{layer}.norm1.weight" in self.weights:
            name = f"context.blocks.{layer}"
            x = x + self._attention(f"{name}.self_attn", self._norm(f"{name}.norm1", x))
            wide = gelu(self._linear(f"{name}.linear1", self._norm(f"{name}.norm2", x)))
            x = x + self._linear(f"{name}.linear2", wide)
            layer += 1
        share = self.weights["context.share"]
        return self._norm("context.norm", x), np.float32(
            1.0 / (1.0 + np.exp(-(share[0] + share[1] * np.log(min(len(u), MOST_TRAINED) / 9.0))))
        )

    def _attention(self, name: str, x: Array32) -> Array32:
        n, inner = x.shape
        joint = x @ self.weights[f"{name}.in_proj_weight"].T + self.weights[f"{name}.in_proj_bias"]
        q, k, v = (part.reshape(n, HEADS, -1).transpose(1, 0, 2) for part in np.split(joint, 3, axis=1))
        scores = q @ k.transpose(0, 2, 1) / np.float32((inner / HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(axis=2, keepdims=True))
        mixed = (scores / scores.sum(axis=2, keepdims=True)) @ v
        return self._linear(f"{name}.out_proj", mixed.transpose(1, 0, 2).reshape(n, inner))

    def _norm(self, name: str, x: Array32) -> Array32:
        centred = x - x.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(1e-5))
        return np.asarray(centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])

    def _linear(self, name: str, x: Array32) -> Array32:
        return np.asarray(x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])


HEADS = 4
MOST_IN_PARTS = 60  # above so many answers none is read clause by clause: nobody looks at each any more
MOST_TRAINED = 48  # answers in the largest team that the context was trained on


@dataclass(frozen=True)
class Calibration:
    """From log odds to probabilities, fitted on companies that the weights were not trained on.

    same, opposed: weights of (1, x, f, x * f, log(n / 9)), where x is the pair's log odds, f the mean
    probability that its two texts are figurative, so that a figurative pair is pulled to the base rate,
    and n the size of the team: pairs picked from many answers are less often the same. names,
    figurative: weights of (1, x) for a text.
    """

    same: tuple[float, ...]
    opposed: tuple[float, ...]
    names: tuple[float, ...]
    figurative: tuple[float, ...]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Calibration:
        return cls(*(tuple(manifest[key]) for key in ("same", "opposed", "names", "figurative")))

    def judgements(self, reading: PairReading) -> PairJudgements:
        """Calibrated probabilities; an answer that names no strategy is nobody's ally or opponent."""
        figurative = sigmoid(reading.figurative * self.figurative[1] + self.figurative[0])
        names = sigmoid(reading.names * self.names[1] + self.names[0])
        gate = np.outer(names, names)
        same = self._pairs(self.same, reading.same, figurative) * gate
        opposed = np.minimum(self._pairs(self.opposed, reading.opposed, figurative) * gate, 1.0 - same)
        np.fill_diagonal(same, 1.0)
        np.fill_diagonal(opposed, 0.0)
        return PairJudgements(same, opposed, names, 1.0 - figurative)

    @staticmethod
    def _pairs(weights: Sequence[float], x: Matrix, figurative: Vector) -> Matrix:
        terms = pair_terms(x, (figurative[:, None] + figurative[None]) / 2.0, len(x))
        return sigmoid(sum((w * term for w, term in zip(weights, terms, strict=True)), np.zeros_like(x)))


def pair_terms(x: NDArray[np.float64], f: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], ...]:
    """What a calibrated log odds is a weighted sum of; see Calibration."""
    return np.ones_like(x), x, f, x * f, np.full_like(x, np.log(min(n, MOST_TRAINED) / 9.0))


class AdaptedJudge:
    """The trained judge behind the Judge interface (judge.py).

    in_parts: also read answers clause by clause (PairJudgements.stated); the other numbers are the same
    without it.
    """

    def __init__(
        self,
        weights: AdapterWeights,
        folder: Path | str | None = None,
        cache: VectorCache | None = None,
        *,
        in_parts: bool = True,
    ) -> None:
        self.weights = weights
        self.in_parts = in_parts
        encoder = AdaptedEncoder(weights, folder)
        self.encoder = CachedEncoder(encoder, cache) if cache is not None else encoder
        self.calibration = Calibration.of(weights.manifest["calibration"])

    @property
    def name(self) -> str:
        return "trained pair judge"

    @property
    def fingerprint(self) -> str:
        marks = json.dumps(self.weights.manifest, sort_keys=True).encode()
        return f"{hashlib.sha256(marks).hexdigest()[:12]}:{self.encoder.fingerprint}"

    @property
    def posterior(self) -> PosteriorSettings:
        return PosteriorSettings(**self.weights.manifest["posterior"])

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "model": self.encoder.name,
            "calibrated_on": self.weights.manifest["calibrated_on"],
            "assesses": {"same": True, "opposed": True, "names_strategy": True, "legible": True},
            "caveats": [],
        }

    def judge(self, texts: Sequence[str]) -> PairJudgements:
        if not texts:
            return PairJudgements(np.zeros((0, 0)), np.zeros((0, 0)), np.zeros(0), np.zeros(0))
        if not self.in_parts or len(texts) > MOST_IN_PARTS:
            return self.calibration.judgements(read_vectors(self.encoder.encode(texts), self._heads))
        groups = [clauses_of(text) for text in texts]
        owners = np.array([i for i, group in enumerate(groups) for _ in group], dtype=np.intp)
        pieces = [piece for group in groups for piece in group]
        vectors = self.encoder.encode([*texts, *pieces])
        whole, loose = vectors[: len(texts)], vectors[len(texts) :]
        judged = self.calibration.judgements(read_vectors(whole, self._heads))
        rows, names = self._in_place(whole, owners, loose)
        return replace(
            judged,
            stated=_stated(judged.same, owners, rows),
            parts=Parts(tuple(pieces), owners, _ungated(rows, names, judged, owners), names),
        )

    def _in_place(self, whole: Vectors, owners: NDArray[np.intp], loose: Vectors) -> tuple[Matrix, Vector]:
        """Each clause in the place of its answer: P(same) with every answer, (m, n), and P(names a strategy), (m,)."""
        rows = np.zeros((len(owners), len(whole)))
        names = np.zeros(len(owners))
        for k, (owner, vector) in enumerate(zip(owners, loose, strict=True)):
            team = whole.copy()
            team[owner] = vector
            read = self.calibration.judgements(read_vectors(team, self._heads, only=int(owner)))
            assert read.names_strategy is not None
            rows[k], names[k] = read.same[owner], read.names_strategy[owner]
        return rows, names

    @cached_property
    def _heads(self) -> list[Head]:
        return [Head(self.weights.member(k, "head")) for k in range(self.weights.n_members)]


def _stated(same: Matrix, owners: NDArray[np.intp], rows: Matrix) -> Matrix:
    """How far the strategy of answer j is stated somewhere in answer i; see PairJudgements.

    The geometric mean of P(same) for the whole of i and for the best of its clauses, each clause
    read in the place of i among the others: on answers that state two strategies it finds both
    more surely than either alone (docs/judge/notebook.md).
    """
    best = np.zeros_like(same)
    np.maximum.at(best, owners, rows)
    in_parts = np.bincount(owners, minlength=len(same)) > 1
    found = np.where(in_parts[:, None], np.sqrt(same * best), same)
    np.fill_diagonal(found, 1.0)
    return found


def _ungated(rows: Matrix, names: Vector, judged: PairJudgements, owners: NDArray[np.intp]) -> Matrix:
    """P(same) of clauses without the factors of Calibration.judgements: a clause may say what another says, and
    neither need name a strategy by itself."""
    assert judged.names_strategy is not None
    found = np.minimum(rows / np.maximum(np.outer(names, judged.names_strategy), 1e-9), 1.0)
    found[np.arange(len(owners)), owners] = 1.0
    return np.asarray(found)


def read_vectors(vectors: Vectors, heads: Sequence[Head], only: int | None = None) -> PairReading:
    """Mean log odds of the members for one team's vectors (n, members * width).

    only: read the pairs of this text alone; the others' log odds stay 0.
    """
    n = len(vectors)
    rows, columns = np.triu_indices(n, 1)
    if only is not None:
        kept = (rows == only) | (columns == only)
        rows, columns = rows[kept], columns[kept]
    logits = np.zeros((len(rows), 3))
    texts = np.zeros((n, 2))
    for head, part in zip(heads, np.split(vectors, len(heads), axis=1), strict=True):
        u = _unit(part.astype(np.float64)).astype(np.float32)
        logits += head.pairs(u, rows, columns) / len(heads)
        texts += head.texts(u)[:, :2] / len(heads)
    same = np.zeros((n, n))
    opposed = np.zeros((n, n))
    for matrix, kind in ((same, SAME), (opposed, OPPOSED)):
        others = [k for k in (SAME, OPPOSED, DIFFERENT) if k != kind]
        matrix[rows, columns] = logits[:, kind] - np.logaddexp(logits[:, others[0]], logits[:, others[1]])
        matrix += matrix.T
    return PairReading(same, opposed, texts[:, 0], texts[:, 1])


def adapted_judge(model: str | Path | None, cache: VectorCache | None) -> Judge | None:
    """The trained judge for the installed encoder; None for another, or where no weights are shipped."""
    if model is not None or not (WEIGHTS / f"{NAME}.json").is_file():
        return None
    return AdaptedJudge(AdapterWeights(), cache=cache)


def gelu(x: Array32) -> Array32:
    """x * P(Z <= x) for a standard normal Z, as torch computes it."""
    from scipy.special import erf

    return np.asarray(0.5 * x * (1.0 + erf(x * np.float32(0.7071067811865476))), dtype=np.float32)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import expit

    return np.asarray(expit(x))


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12))
