"""The pair head in torch; app/analysis/adapted.py computes the same in NumPy at run time."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.encoder import Packed, mean_pool

SAME, OPPOSED, DIFFERENT = 0, 1, 2


class PairHead(nn.Module):
    """Token states of n texts -> vectors, similarities, three logits a pair, two logits a text.

    vectors (n, d): mean-pooled, length 1. late (n, n): symmetric late interaction, the mean over a
    text's tokens of the best cosine with any token of the other, both ways averaged. Pair logits come
    from |u - v| and u * v through one hidden layer, plus a linear part on cosine and late interaction.
    """

    def __init__(self, width: int = 384, hidden: int = 128, token_width: int = 64) -> None:
        super().__init__()
        self.token = nn.Linear(width, token_width, bias=False)
        self.into = nn.Linear(2 * width, hidden)
        self.out = nn.Linear(hidden, 3)
        self.direct = nn.Linear(3, 3, bias=False)
        self.text = nn.Sequential(nn.Linear(width, 64), nn.GELU(), nn.Linear(64, 2))
        nn.init.orthogonal_(self.token.weight)
        with torch.no_grad():
            self.direct.weight.copy_(torch.tensor([[4.0, 2.0, 2.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))

    def forward(self, states: Tensor, packed: Packed) -> dict[str, Tensor]:
        u = F.normalize(mean_pool(states, packed), dim=1)
        cosine = u @ u.T
        there = self.late(states, packed)
        late_mean, late_min = (there + there.T) / 2, torch.minimum(there, there.T)
        root = u.shape[1] ** 0.5
        pairs = torch.cat([(u[:, None] - u[None]).abs(), (u[:, None] * u[None]) * root], dim=2)
        hidden = F.dropout(F.gelu(self.into(pairs)), 0.2, self.training)
        logits = self.out(hidden) + self.direct(torch.stack([cosine, late_mean, late_min], dim=2))
        return {"vectors": u, "late": late_mean, "pairs": logits, "texts": self.text(u * root)}

    def late(self, states: Tensor, packed: Packed) -> Tensor:
        """(n, n): row i, column j is the mean over tokens of text i of the best cosine with text j's."""
        tokens = F.normalize(self.token(states), dim=1)
        n = packed.n_texts
        best = tokens.new_full((len(tokens), n), -1.0)
        best = best.scatter_reduce(
            1, packed.text[None].expand(len(tokens), -1), tokens @ tokens.T, "amax"
        )
        total = best.new_zeros(n, n).index_add(0, packed.text, best)
        return total / torch.bincount(packed.text, minlength=n)[:, None]
