"""A trained adapter as it is shipped: what training added to each weight of a base encoder, a few bits a number.

For a weight matrix W of the base encoder the adapter holds a code for every number, one scale a row, and, once for
all matrices, the levels that the codes stand for; the adapted weight is W + scale * levels[codes]. With five bits an
encoder's whole difference takes under seven megabytes and is off by a twentieth of its size; a low rank of as many
bytes would leave out far more of it (docs/judge/notebook.md). Bias and layer norm differences are kept (float16).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Tensors = dict[str, Array]

LEVELS = "levels"  # the tensor of an adapter that holds them


def levels_for(values: NDArray[np.float32], bits: int) -> NDArray[np.float32]:
    """The 2 ** bits levels, rising, that stand for `values` with the least mean square error (Lloyd 1982).

    Starts from quantiles; fifty rounds bring it as near as float16 scales can tell.
    """
    rows = np.sort(values.astype(np.float64).ravel())
    sums = np.concatenate([[0.0], np.cumsum(rows)])
    levels = np.quantile(rows, (np.arange(2**bits) + 0.5) / 2**bits)
    for _ in range(50):
        ends = np.concatenate([[0], np.searchsorted(rows, (levels[1:] + levels[:-1]) / 2.0), [len(rows)]])
        count = np.diff(ends)
        levels = np.where(count > 0, np.diff(sums[ends]) / np.maximum(count, 1), levels)
    return np.asarray(levels, dtype=np.float32)


def scales_of(difference: NDArray[np.float32]) -> NDArray[np.float16]:
    """One scale a row, its root mean square, (rows,); what is divided by it is alike in all rows."""
    return np.asarray(
        np.maximum(np.sqrt((difference.astype(np.float64) ** 2).mean(axis=1)), 1e-7), dtype=np.float16
    )


def packed(difference: NDArray[np.float32], levels: NDArray[np.float32]) -> Tensors:
    """A matrix (rows, columns) as scales (rows,) and codes (rows, columns * bits / 8), eight codes in `bits` bytes.

    Raises ValueError where a row's codes do not fill whole bytes.
    """
    bits = _bits(levels)
    if difference.shape[1] * bits % 8:
        raise ValueError(f"{difference.shape[1]} numbers of {bits} bits do not fill whole bytes.")
    scales = scales_of(difference)
    codes = np.searchsorted(
        (levels[1:] + levels[:-1]) / 2.0, difference / scales.astype(np.float32)[:, None]
    ).astype(np.uint8)
    each = np.unpackbits(codes[:, :, None], axis=2)[:, :, 8 - bits :]
    return {"codes": np.packbits(each.reshape(len(codes), -1), axis=1), "scales": scales}


def difference_of(tensors: Mapping[str, Array], name: str) -> NDArray[np.float32] | None:
    """What the adapter adds to the base weight `name`; None where it leaves that weight alone."""
    if f"{name}.codes" in tensors:
        codes, levels = tensors[f"{name}.codes"], tensors[LEVELS].astype(np.float32)
        bits = _bits(levels)
        each = np.unpackbits(codes, axis=1).reshape(len(codes), -1, bits)
        places = each @ (1 << np.arange(bits - 1, -1, -1, dtype=np.uint8))
        return np.asarray(levels[places] * tensors[f"{name}.scales"].astype(np.float32)[:, None])
    if f"{name}.plus" in tensors:
        return tensors[f"{name}.plus"].astype(np.float32)
    return None


def _bits(levels: Array) -> int:
    return len(levels).bit_length() - 1
