"""A trained adapter as it is shipped: low-rank differences to a base encoder, eight bits a number.

For a weight matrix W of the base encoder the adapter holds `left` (out, r) and `right` (r, in), and the
adapted weight is W + left @ right. Both factors are int8 with one scale per rank, so that an encoder's
whole difference takes three megabytes; bias and layer norm differences are kept as they are (float16).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Tensors = dict[str, Array]


def packed(matrix: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as int8 and one float32 scale for every slice along `axis`; error at most half a step."""
    top = np.abs(matrix).max(axis=1 - axis)
    scale = np.maximum(top, 1e-12) / 127.0
    shape = (1, -1) if axis == 1 else (-1, 1)
    return np.rint(matrix / scale.reshape(shape)).astype(np.int8), scale.astype(np.float32)


def factorised(difference: NDArray[np.float32], rank: int) -> Tensors:
    """The best approximation of a matrix by rank `rank` (truncated singular value decomposition), packed."""
    u, s, vt = np.linalg.svd(difference.astype(np.float64), full_matrices=False)
    root = np.sqrt(s[:rank])
    left, left_scale = packed((u[:, :rank] * root).astype(np.float32), axis=1)
    right, right_scale = packed((root[:, None] * vt[:rank]).astype(np.float32), axis=0)
    return {"left": left, "left_scale": left_scale, "right": right, "right_scale": right_scale}


def difference_of(tensors: Mapping[str, Array], name: str) -> NDArray[np.float32] | None:
    """What the adapter adds to the base weight `name`; None where it leaves that weight alone."""
    if f"{name}.left" in tensors:
        left = tensors[f"{name}.left"].astype(np.float32) * tensors[f"{name}.left_scale"][None, :]
        right = tensors[f"{name}.right"].astype(np.float32) * tensors[f"{name}.right_scale"][:, None]
        return np.asarray(left @ right, dtype=np.float32)
    if f"{name}.plus" in tensors:
        return tensors[f"{name}.plus"].astype(np.float32)
    return None
