"""What is shipped must be what was trained, but for a small rounding."""

import numpy as np
import pytest
import torch

from app.analysis.differences import LEVELS, difference_of, levels_for, packed, scales_of
from training.compress import adapter_of, mean_of


def some_difference(seed: int, rows: int = 48, columns: int = 64) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(rows, columns)) * np.exp(rng.normal(size=(rows, 1))) * 0.01).astype(np.float32)


@pytest.mark.parametrize(("bits", "off"), [(4, 0.12), (5, 0.07), (6, 0.05)])
def test_a_difference_survives_packing_the_better_the_more_bits(bits, off):
    difference = some_difference(1)
    alike = difference / scales_of(difference).astype(np.float32)[:, None]
    levels = levels_for(alike, bits)
    tensors = {f"w.{part}": row for part, row in packed(difference, levels).items()} | {LEVELS: levels}
    found = difference_of(tensors, "w")
    assert found is not None
    assert tensors["w.codes"].nbytes == difference.size * bits // 8
    assert np.linalg.norm(found - difference) < off * np.linalg.norm(difference)


def test_levels_stand_where_the_values_are():
    values = np.repeat(np.array([-3.0, -1.0, 0.5, 2.0], dtype=np.float32), [10, 40, 30, 20])
    assert levels_for(values, 2).tolist() == [-3.0, -1.0, 0.5, 2.0]


def test_a_row_that_does_not_fill_whole_bytes_is_refused():
    with pytest.raises(ValueError, match="whole bytes"):
        packed(np.ones((2, 3), dtype=np.float32), np.zeros(32, dtype=np.float32))


def test_weights_that_training_left_alone_have_no_difference():
    assert difference_of({}, "embeddings.word_embeddings.weight") is None


def test_biases_are_kept_as_they_are():
    found = difference_of({"layer.bias.plus": np.array([0.5, -0.25], dtype=np.float16)}, "layer.bias")
    assert found is not None
    assert found.tolist() == [0.5, -0.25]


def test_an_adapter_holds_what_was_changed_under_the_names_of_the_base_encoder():
    base = {
        "bert.a.weight": torch.zeros(48, 64),
        "bert.a.bias": torch.zeros(8),
        "bert.b.weight": torch.ones(8, 8),
    }
    change = torch.from_numpy(some_difference(2))
    trained = base | {"bert.a.weight": change, "bert.a.bias": torch.full((8,), 0.5)}
    adapter = adapter_of(trained, base, bits=4)
    found = difference_of(adapter, "a.weight")
    assert found is not None
    assert np.linalg.norm(found - change.numpy()) < 0.2 * np.linalg.norm(change.numpy())
    assert difference_of(adapter, "a.bias").tolist() == [0.5] * 8
    assert difference_of(adapter, "b.weight") is None


def test_of_several_runs_the_mean_is_shipped():
    first, second = {"w": torch.tensor([1.0, 3.0])}, {"w": torch.tensor([3.0, 5.0])}
    assert mean_of([first, second])["w"].tolist() == [2.0, 4.0]
