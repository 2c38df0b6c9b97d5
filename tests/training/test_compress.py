"""What is shipped must be what was trained, but for a small rounding."""

import numpy as np

from app.analysis.lowrank import difference_of, factorised


def test_a_low_rank_difference_survives_packing():
    rng = np.random.default_rng(1)
    difference = (rng.normal(size=(60, 8)) @ rng.normal(size=(8, 40)) * 0.01).astype(np.float32)
    packed = {f"layer.weight.{part}": row for part, row in factorised(difference, 8).items()}
    found = difference_of(packed, "layer.weight")
    assert found is not None
    assert np.abs(found - difference).max() < 0.01 * np.abs(difference).max() * 3


def test_a_lower_rank_keeps_the_largest_part_of_the_difference():
    rng = np.random.default_rng(2)
    strong = rng.normal(size=(30, 1)) @ rng.normal(size=(1, 20))
    weak = 0.05 * rng.normal(size=(30, 20))
    packed = {f"w.{part}": row for part, row in factorised((strong + weak).astype(np.float32), 1).items()}
    found = difference_of(packed, "w")
    assert found is not None
    assert np.linalg.norm(found - strong) < 0.15 * np.linalg.norm(strong)


def test_weights_that_training_left_alone_have_no_difference():
    assert difference_of({}, "embeddings.word_embeddings.weight") is None


def test_biases_are_kept_as_they_are():
    found = difference_of({"layer.bias.plus": np.array([0.5, -0.25], dtype=np.float16)}, "layer.bias")
    assert found is not None
    assert found.tolist() == [0.5, -0.25]
