"""The trained pair judge: a small adapter to the base encoder, and a head that reads pairs of answers.

An embedding knows the topic of an answer and not the choice in it. This judge was trained on companies
in which people state the same strategy in other words and opposite strategies in the same words; see
docs/judge/model-card.md for data and figures, training/ for how it was made.

    texts -> vectors (base encoder + differences)
          -> pair logits (same, opposed, different), by themselves and among the team's other answers
          -> calibrated probabilities, pulled to the base rate where the wording is figurative

The head runs in NumPy; torch is loaded with the first encoding only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.calibration import Calibration, chance
from app.analysis.clauses import clauses_of
from app.analysis.differences import Tensors
from app.analysis.encoder import CachedEncoder, Encoder, MiniLMEncoder, ModelNotTrusted, VectorCache, Vectors
from app.analysis.judge import CosineJudge, Judge, PairJudgements, Parts, PosteriorSettings
from app.analysis.near import NearJudgements, Places, Values, near_judgements, slices
from app.analysis.packed import PackedEncoder, Tokens
from app.analysis.pair_head import (
    BLOCK,
    MOST_TRAINED,
    OPPOSED,
    SAME,
    Head,
    log_odds,
    unit,
)
from app.analysis.result import Matrix
from app.analysis.texts import normalise, text_hash, windows

WEIGHTS = Path(str(files("app.analysis") / "weights"))
NAME = "pair-judge"


class AdaptedEncoder:
    """The base encoder with the adapter's differences; rows of length 1.

    folder: the base model, None for the installed one. Raises ModelNotTrusted at the first encoding when
    base or adapter are not the ones that belong together.
    """

    def __init__(self, weights: AdapterWeights, folder: Path | str | None = None) -> None:
        self.weights = weights
        self.base = MiniLMEncoder(folder, sha256=weights.base_sha256)

    @property
    def name(self) -> str:
        return f"{self.base.name}, adapted"

    @property
    def fingerprint(self) -> str:
        return f"{self.weights.fingerprint}:{self.base.fingerprint}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        pieces = [windows(normalise(text)) for text in texts]
        flat = [piece for group in pieces for piece in group]
        if not flat:
            return np.zeros((0, self.weights.width), dtype=np.float32)
        rows = self._loaded.vectors(self._tokens(flat)).astype(np.float64)
        lengths = np.array([len(piece) for piece in flat], dtype=np.float64) + 1.0
        starts = np.cumsum([0, *(len(group) for group in pieces[:-1])])
        return unit(np.add.reduceat(rows * lengths[:, None], starts, axis=0)).astype(np.float32)

    def _tokens(self, texts: Sequence[str]) -> list[Tokens]:
        model = self.base._model
        return list(
            model.tokenizer(texts, truncation=True, max_length=int(model.max_seq_length))["input_ids"]
        )

    @cached_property
    def _loaded(self) -> PackedEncoder:
        self.weights.verify()
        return PackedEncoder(self.base._model, self.weights.part("encoder"))


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

    def part(self, part: str) -> Tensors:
        """The tensors of one part, "encoder" or "head", under their short names."""
        start = f"{part}."
        return {name.removeprefix(start): row for name, row in self.tensors.items() if name.startswith(start)}


MOST_IN_PARTS = 60  # above so many answers none is read clause by clause: nobody looks at each any more


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
        # The encoder as it was before training, for a second opinion; it is loaded already.
        self.second = CosineJudge(encoder.base if cache is None else CachedEncoder(encoder.base, cache))
        self.encoder: Encoder = encoder if cache is None else CachedEncoder(encoder, cache)
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
            return self.calibration.judgements(self._head.read(self.encoder.encode(texts)))
        groups = [clauses_of(text) for text in texts]
        owners = np.array([i for i, group in enumerate(groups) for _ in group], dtype=np.intp)
        pieces = [piece for group in groups for piece in group]
        whole = self.encoder.encode(texts)
        judged = self.calibration.judgements(self._head.read(whole))
        parts = self._in_place(whole, judged, pieces, owners)
        return replace(judged, stated=_stated(judged, parts), parts=parts)

    def judge_near(self, texts: list[str], also: list[tuple[int, int]]) -> NearJudgements:
        """The near pairs of many texts (near.py); each text is read among the same few, drawn by their hash."""
        vectors = self.encoder.encode(texts)
        hashes = [text_hash(text) for text in texts]
        few = np.array(
            sorted(range(len(texts)), key=lambda i: (hashes[i], i))[: MOST_TRAINED - 1], dtype=np.intp
        )
        team = self._head.in_crowd(vectors, few)
        names, figurative = self.calibration.texts(*self._head.read_texts(vectors))

        def judge_pairs(first: Places, second: Places) -> tuple[Values, Values]:
            found = np.empty((2, len(first)))
            for part in slices(len(first), 8 * BLOCK):
                i, j = first[part], second[part]
                logits = self._head.pairs_among(vectors, team, i, j)
                f, gate = (figurative[i] + figurative[j]) / 2.0, names[i] * names[j]
                for row, kind, line in (
                    (0, SAME, self.calibration.same),
                    (1, OPPOSED, self.calibration.opposed),
                ):
                    found[row, part] = chance(line, log_odds(logits, kind), f, len(texts)) * gate
            return found[0], np.minimum(found[1], 1.0 - found[0])

        return near_judgements(
            vectors, judge_pairs, also=also, names_strategy=names, legible=1.0 - figurative
        )

    def _in_place(
        self, whole: Vectors, judged: PairJudgements, pieces: Sequence[str], owners: NDArray[np.intp]
    ) -> Parts:
        """Each clause in the place of its answer, without the factors of Calibration.judgements: a clause may say
        what another says, and neither need name a strategy by itself.

        An answer of one clause was read already.
        """
        assert judged.names_strategy is not None
        assert judged.legible is not None
        names = judged.names_strategy[owners]
        gate = np.maximum(np.outer(names, judged.names_strategy), 1e-9)
        same, opposed = (np.minimum(matrix[owners] / gate, 1.0) for matrix in (judged.same, judged.opposed))
        several = np.flatnonzero(np.bincount(owners)[owners] > 1)
        if len(several):
            loose = self.encoder.encode([pieces[int(k)] for k in several])
            logits = self._head.in_place(whole, owners[several], loose)
            names[several], figurative = self.calibration.texts(*self._head.read_texts(loose))
            f = (figurative[:, None] + (1.0 - judged.legible)[None]) / 2.0
            same[several] = chance(self.calibration.same, log_odds(logits, SAME), f, len(whole))
            opposed[several] = chance(self.calibration.opposed, log_odds(logits, OPPOSED), f, len(whole))
        same[np.arange(len(owners)), owners] = 1.0
        return Parts(tuple(pieces), owners, same, np.minimum(opposed, 1.0 - same), names)

    @cached_property
    def _head(self) -> Head:
        return Head(self.weights.part("head"))


def _stated(judged: PairJudgements, parts: Parts) -> Matrix:
    """How far the strategy of answer j is stated somewhere in answer i; see PairJudgements.

    The geometric mean of P(same) for the whole of i and for the best of its clauses, each clause
    read in the place of i among the others: on answers that state two strategies it finds both
    more surely than either alone (docs/judge/notebook.md).
    """
    assert judged.names_strategy is not None
    best = np.zeros_like(judged.same)
    np.maximum.at(best, parts.owners, parts.same * np.outer(parts.names_strategy, judged.names_strategy))
    several = np.bincount(parts.owners, minlength=len(best)) > 1
    found = np.where(several[:, None], np.sqrt(judged.same * best), judged.same)
    np.fill_diagonal(found, 1.0)
    return found


def adapted_judge(model: str | Path | None, cache: VectorCache | None) -> Judge | None:
    """The trained judge for the installed encoder; None for another, or where no weights are shipped."""
    if model is not None or not (WEIGHTS / f"{NAME}.json").is_file():
        return None
    return AdaptedJudge(AdapterWeights(), cache=cache)
