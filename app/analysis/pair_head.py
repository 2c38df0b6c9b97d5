"""The pair head: from vectors to what is said about each pair of a team, and about each text.

training/head.py is the same in torch; here it runs in NumPy, so that reading cached vectors needs no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.differences import Tensors
from app.analysis.result import Matrix

SAME, OPPOSED, DIFFERENT = 0, 1, 2

HEADS = 4
MOST_TRAINED = 48  # answers in the largest team that the context was trained on

# Pairs read at once; bounds the memory of the head's hidden layer to some 50 MB.
BLOCK = 32_768

Array32 = NDArray[np.float32]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class PairReading:
    """What the head says of one team, before calibration.

    same, opposed (n, n): log odds against the other two outcomes together. names, figurative (n,): log
    odds that a text names a strategy, and that its wording is figurative.
    """

    same: Matrix
    opposed: Matrix
    names: Vector
    figurative: Vector


class Head:
    """Vectors of texts -> logits of pairs and of texts."""

    def __init__(self, tensors: Tensors) -> None:
        self.weights: dict[str, Array32] = {name: row.astype(np.float32) for name, row in tensors.items()}

    def read(self, u: Array32) -> PairReading:
        """All pairs of one team, and its texts, from their vectors (n, width) of length 1."""
        n = len(u)
        rows, columns = np.triu_indices(n, 1)
        logits = self.pairs(u, rows, columns)
        same, opposed = np.zeros((n, n)), np.zeros((n, n))
        for matrix, kind in ((same, SAME), (opposed, OPPOSED)):
            matrix[rows, columns] = log_odds(logits, kind)
            matrix += matrix.T
        return PairReading(same, opposed, *self.read_texts(u))

    def read_texts(self, u: Array32) -> tuple[Vector, Vector]:
        """Log odds that a text names a strategy, and that it is figurative, (n,) each."""
        logits = self.texts(u).astype(np.float64)
        return logits[:, 0], logits[:, 1]

    def texts(self, u: Array32) -> Array32:
        """(n, 3): names a strategy, is figurative, states two."""
        hidden = gelu(self._linear("text.0", u * np.float32(u.shape[1] ** 0.5)))
        return self._linear("text.2", hidden)

    def pairs(self, u: Array32, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array32:
        """(pairs, 3) for pairs given by row and column, among all texts of u as their team."""
        return self.pairs_among(u, self._in_team(u), rows, columns)

    def pairs_among(
        self, u: Array32, team: tuple[Array32, Array32], rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> Array32:
        """As `pairs`, with what was said of each text among the others: `in_crowd`, or the whole team."""
        context, centred = team
        found = np.empty((len(rows), 3), dtype=np.float32)
        for start in range(0, len(rows), BLOCK):
            i, j = rows[start : start + BLOCK], columns[start : start + BLOCK]
            found[start : start + BLOCK] = self._logits(
                u[i], u[j], context[i], context[j], centred[i], centred[j]
            )
        return found

    def in_crowd(self, u: Array32, reference: NDArray[np.intp]) -> tuple[Array32, Array32]:
        """Each of many texts among the same few, those of `reference` (at most MOST_TRAINED), instead of among all.

        The context was trained on teams of MOST_TRAINED and fewer, and grows with the square of their number.
        """
        among, share = self._context_among(u[reference], u)
        among[reference] = self._in_team(u[reference])[0]
        centred = u - share * u.mean(axis=0)
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
        return among, centred

    def in_place(self, u: Array32, owners: NDArray[np.intp], loose: Array32) -> Array32:
        """(m, n, 3): each of m further vectors against all texts of u, read in the place of its owner.

        owners (m,): the text of u that a further vector, one of `loose` (m, width), stands for. The column
        of the owner itself means nothing.
        """
        m, n = len(loose), len(u)
        teams = np.repeat(u[None], m, axis=0)
        at = np.arange(m)
        teams[at, owners] = loose
        context, centred = self._in_team(teams)

        def own(x: Array32) -> Array32:
            return np.repeat(x[at, owners], n, axis=0)

        flat = [x.reshape(m * n, -1) for x in (teams, context, centred)]
        logits = self._logits(own(teams), flat[0], own(context), flat[1], own(centred), flat[2])
        return logits.reshape(m, n, 3)

    def _logits(
        self,
        a: Array32,
        b: Array32,
        context_a: Array32,
        context_b: Array32,
        middle_a: Array32,
        middle_b: Array32,
    ) -> Array32:
        """(pairs, 3) from the vectors of both texts, by themselves and among the others."""
        cosine = np.einsum("pd,pd->p", a, b)
        root = np.float32(a.shape[1] ** 0.5)
        hidden = gelu(self._linear("into", np.concatenate([np.abs(a - b), a * b * root], axis=1)))
        alone = self._linear("out", hidden) + cosine[:, None] * self.weights["direct.weight"][:, 0]
        both = np.concatenate([np.abs(context_a - context_b), context_a * context_b], axis=1)
        centred = np.einsum("pd,pd->p", middle_a, middle_b)
        direct = np.stack([cosine, centred], axis=1) @ self.weights["context.direct.weight"].T
        return np.asarray(alone + self._linear("context.out", both) + direct, dtype=np.float32)

    def _in_team(self, u: Array32) -> tuple[Array32, Array32]:
        """Each text among the others, (..., n, inner), and its vector without what all share, (..., n, width)."""
        x = self._linear("context.into", u * np.float32(u.shape[-1] ** 0.5))
        for name in self._blocks:
            normed = self._norm(f"{name}.norm1", x)
            x = self._widened(name, x + self._attention(f"{name}.self_attn", normed, normed))
        share = self._share(u.shape[-2])
        centred = u - share * u.mean(axis=-2, keepdims=True)
        centred /= np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1e-6)
        return self._norm("context.norm", x), centred

    def _context_among(self, few: Array32, u: Array32) -> tuple[Array32, np.float32]:
        """Each text of u as one more among the few, (n, inner), and the share of what all have in common."""
        root = np.float32(u.shape[1] ** 0.5)
        x = self._linear("context.into", few * root)
        own = self._linear("context.into", u * root)[:, None]
        for name in self._blocks:
            normed, own_normed = self._norm(f"{name}.norm1", x), self._norm(f"{name}.norm1", own)
            seen = (
                np.concatenate([np.repeat(normed[None], len(part), axis=0), part], axis=1)
                for part in np.array_split(own_normed, max(1, len(u) // 512))
            )
            mixed = [self._attention(f"{name}.self_attn", team[:, -1:], team) for team in seen]
            own = self._widened(name, own + np.concatenate(mixed))
            x = self._widened(name, x + self._attention(f"{name}.self_attn", normed, normed))
        return self._norm("context.norm", own[:, 0]), self._share(min(len(few) + 1, MOST_TRAINED))

    @property
    def _blocks(self) -> list[str]:
        names = (f"context.blocks.{layer}" for layer in range(16))
        return [name for name in names if f"{name}.norm1.weight" in self.weights]

    def _widened(self, name: str, x: Array32) -> Array32:
        wide = gelu(self._linear(f"{name}.linear1", self._norm(f"{name}.norm2", x)))
        return np.asarray(x + self._linear(f"{name}.linear2", wide))

    def _share(self, size: int) -> np.float32:
        slope = self.weights["context.share"]
        return np.float32(
            1.0 / (1.0 + np.exp(-(slope[0] + slope[1] * np.log(min(size, MOST_TRAINED) / 9.0))))
        )

    def _attention(self, name: str, asking: Array32, team: Array32) -> Array32:
        """What each of `asking` (..., m, inner) takes from the team (..., n, inner)."""
        weight, bias = self.weights[f"{name}.in_proj_weight"], self.weights[f"{name}.in_proj_bias"]
        inner = team.shape[-1]

        def part(x: Array32, k: int) -> Array32:
            y = x @ weight[k * inner : (k + 1) * inner].T + bias[k * inner : (k + 1) * inner]
            return np.asarray(y.reshape(*y.shape[:-1], HEADS, inner // HEADS).swapaxes(-3, -2))

        q, k, v = part(asking, 0), part(team, 1), part(team, 2)
        scores = q @ k.swapaxes(-1, -2) / np.float32((inner / HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ v
        return self._linear(f"{name}.out_proj", mixed.swapaxes(-3, -2).reshape(asking.shape))

    def _norm(self, name: str, x: Array32) -> Array32:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-5))
        return np.asarray(centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])

    def _linear(self, name: str, x: Array32) -> Array32:
        return np.asarray(x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])


def log_odds(logits: NDArray[Any], kind: int) -> NDArray[np.float64]:
    """Log odds of one of the three outcomes against the other two together; logits (..., 3)."""
    a, b = (logits[..., k] for k in (SAME, OPPOSED, DIFFERENT) if k != kind)
    return np.asarray(logits[..., kind] - np.logaddexp(a, b), dtype=np.float64)


def gelu(x: Array32) -> Array32:
    """x * P(Z <= x) for a standard normal Z, as torch computes it."""
    from scipy.special import erf

    return np.asarray(0.5 * x * (1.0 + erf(x * np.float32(0.7071067811865476))), dtype=np.float32)


def unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows at length 1."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12))
