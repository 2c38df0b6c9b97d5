from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.analysis.encoder import MINILM_SHA256, MiniLMEncoder, ModelNotTrusted


def test_importing_the_analysis_loads_no_heavy_library() -> None:
    program = (
        "import sys, app.analysis; "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'sklearn', 'flask', 'sqlalchemy')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.strip()
    assert "torch" not in loaded
    assert "transformers" not in loaded


@pytest.fixture(scope="module")
def encoder() -> MiniLMEncoder:
    return MiniLMEncoder()


def test_the_installed_model_is_the_one_expected(encoder: MiniLMEncoder) -> None:
    assert encoder.weights_sha256 == MINILM_SHA256
    assert encoder.fingerprint.startswith("all-MiniLM-L6-v2:53aa51172d142c89")


@pytest.mark.model
def test_vectors_are_unit_rows_that_do_not_depend_on_company(encoder: MiniLMEncoder) -> None:
    texts = ["Peanuts.", "We go up-market and leave small accounts to partners.", "Sell shoes. " * 200]
    vectors = encoder.encode(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(encoder.encode([texts[1]])[0], vectors[1], atol=1e-5)


@pytest.mark.model
def test_the_end_of_a_long_answer_counts(encoder: MiniLMEncoder) -> None:
    start = "We open shops in every town of the north. " * 60
    one, other = encoder.encode([start, start + "We stop making software for hospitals. " * 60])
    assert float(one @ other) < 0.95


@pytest.mark.model
def test_nothing_encodes_to_nothing(encoder: MiniLMEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_altered_weights_are_refused(tmp_path: Path, encoder: MiniLMEncoder) -> None:
    folder = tmp_path / "model"
    shutil.copytree(encoder.folder, folder)
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        last = weights.read(1)
        weights.seek(-1, 2)
        weights.write(bytes([last[0] ^ 1]))
    with pytest.raises(ModelNotTrusted, match="not the ones expected"):
        MiniLMEncoder(folder, sha256=MINILM_SHA256).encode(["x"])


def test_a_missing_folder_and_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelNotTrusted, match="no model folder"):
        MiniLMEncoder(tmp_path / "none").encode(["x"])
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(ModelNotTrusted, match=r"model\.safetensors"):
        MiniLMEncoder(tmp_path).encode(["x"])
