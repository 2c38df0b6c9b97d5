"""A BERT encoder run on packed tokens: nothing is computed for padding.

Nine answers and their clauses have lengths from three tokens to eighty; padded to the longest of a batch
they cost twice the arithmetic. Here all tokens stand in one row, which is all that the linear layers need;
only attention, cheap at this length, sees texts side by side. The vectors are those of sentence-transformers
up to the rounding of float32.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from app.analysis.differences import Array, difference_of
from app.analysis.encoder import Vectors

Tokens: TypeAlias = list[int]

# Tokens read at once. With more, attention computes more padding; with fewer, the matrix products are slower.
BLOCK_TOKENS = 1_024


class PackedEncoder:
    """The BERT inside a loaded sentence-transformers model, mean-pooled, with an adapter's differences added.

    The differences are merged into the weights once, here; the embeddings of tokens, half of the model's
    memory, stay shared with the original.
    """

    def __init__(self, model: Any, tensors: Mapping[str, Array]) -> None:
        import torch

        bert = model[0].auto_model
        self.heads = int(bert.config.num_attention_heads)
        self.width = int(bert.config.hidden_size)
        self.epsilon = float(bert.config.layer_norm_eps)
        base = dict(bert.named_parameters())

        def merged(name: str) -> Any:
            weight = base[name].detach()
            difference = difference_of(tensors, name)
            return weight if difference is None else weight + torch.from_numpy(difference)

        def both(name: str) -> tuple[Any, Any]:
            return merged(f"{name}.weight"), merged(f"{name}.bias")

        self._words = merged("embeddings.word_embeddings.weight")
        self._places = merged("embeddings.position_embeddings.weight")
        self._places = self._places + merged("embeddings.token_type_embeddings.weight")[0]
        self._first = both("embeddings.LayerNorm")
        self._layers = []
        for k in range(int(bert.config.num_hidden_layers)):
            start = f"encoder.layer.{k}"
            query, key, value = (both(f"{start}.attention.self.{part}") for part in ("query", "key", "value"))
            self._layers.append({
                "ask": (torch.cat([query[0], key[0], value[0]]), torch.cat([query[1], key[1], value[1]])),
                "mix": both(f"{start}.attention.output.dense"),
                "norm": both(f"{start}.attention.output.LayerNorm"),
                "widen": both(f"{start}.intermediate.dense"),
                "narrow": both(f"{start}.output.dense"),
                "last": both(f"{start}.output.LayerNorm"),
            })  # fmt: skip

    def vectors(self, tokens: Sequence[Tokens]) -> Vectors:
        """(texts, width) float32 rows of length 1, in input order."""
        import torch

        found = np.empty((len(tokens), self.width), dtype=np.float32)
        with torch.inference_mode():
            for rows in blocks([len(row) for row in tokens]):
                found[rows] = self._mean_states([tokens[row] for row in rows]).numpy()
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12))

    def _mean_states(self, tokens: Sequence[Tokens]) -> Any:
        import torch
        import torch.nn.functional as F

        lengths = torch.tensor([len(row) for row in tokens])
        count, longest = len(tokens), int(lengths.max())
        text = torch.repeat_interleave(torch.arange(count), lengths)
        place = torch.cat([torch.arange(len(row)) for row in tokens])
        mask = torch.arange(longest)[None] < lengths[:, None]
        at = text * longest + place

        def norm(x: Any, name: tuple[Any, Any]) -> Any:
            return F.layer_norm(x, (self.width,), *name, eps=self.epsilon)

        x = norm(
            self._words[torch.tensor([t for row in tokens for t in row])] + self._places[place], self._first
        )
        for layer in self._layers:
            asked = x.new_zeros(count * longest, 3 * self.width)
            asked[at] = F.linear(x, *layer["ask"])
            q, k, v = asked.view(count, longest, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None])
            flat = mixed.transpose(1, 2).reshape(count * longest, self.width)[at]
            x = norm(F.linear(flat, *layer["mix"]) + x, layer["norm"])
            x = norm(F.linear(F.gelu(F.linear(x, *layer["widen"])), *layer["narrow"]) + x, layer["last"])
        return x.new_zeros(count, self.width).index_add(0, text, x) / lengths[:, None]


def blocks(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Texts of like length together, the longest first, so many at once that padded they fit BLOCK_TOKENS.

    >>> list(blocks([3, BLOCK_TOKENS, 4]))
    [[1], [2, 0]]
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    start = 0
    while start < len(order):
        room = max(1, BLOCK_TOKENS // lengths[order[start]])
        yield order[start : start + room]
        start += room
