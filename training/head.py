"""The pair head in torch; app/analysis/adapted.py computes the same in NumPy at run time."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SAME, OPPOSED, DIFFERENT = 0, 1, 2


class PairHead(nn.Module):
    """Vectors of texts -> three logits a pair (same, opposed, different), three a text.

    A pair is read from |u - v| and u * v through one hidden layer, plus a multiple of the cosine. It is
    then read again among the other answers of its team (`Context`): what all answers of a team share
    says nothing about any two of them.
    """

    def __init__(self, width: int = 384, hidden: int = 128) -> None:
        super().__init__()
        self.into = nn.Linear(2 * width, hidden)
        self.out = nn.Linear(hidden, 3)
        self.direct = nn.Linear(1, 3, bias=False)
        self.text = nn.Sequential(nn.Linear(width, 64), nn.GELU(), nn.Linear(64, 3))
        self.context = Context(width)
        with torch.no_grad():
            self.direct.weight.copy_(torch.tensor([[4.0], [0.0], [0.0]]))

    def pairs(self, u: Tensor) -> Tensor:
        """(n, n, 3): each pair by itself."""
        both = torch.cat([(u[:, None] - u[None]).abs(), (u[:, None] * u[None]) * u.shape[1] ** 0.5], dim=2)
        hidden = F.dropout(F.gelu(self.into(both)), 0.2, self.training)
        out: Tensor = self.out(hidden) + self.direct((u @ u.T)[:, :, None])
        return out

    def texts(self, u: Tensor) -> Tensor:
        """(n, 3): names a strategy, is figurative, states two strategies."""
        out: Tensor = self.text(u * u.shape[1] ** 0.5)
        return out


class Context(nn.Module):
    """A small transformer over the vectors of one team, blind to their order.

    It adds to a pair's logits what can be known from the other answers only. `centred` is the cosine
    after the team's mean vector, shrunk by a learned share, is taken away from both.
    """

    def __init__(self, width: int, inner: int = 96, heads: int = 4, layers: int = 2) -> None:
        super().__init__()
        self.into = nn.Linear(width, inner)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                inner, heads, 2 * inner, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(inner)
        self.out = nn.Linear(2 * inner, 3)
        self.share = nn.Parameter(torch.tensor([0.0, 0.0]))
        self.direct = nn.Linear(2, 3, bias=False)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        nn.init.zeros_(self.direct.weight)

    def forward(self, u: Tensor, team: Tensor, mask: Tensor) -> Tensor:
        """(teams, m, m, 3) for teams given as padded rows of indices (teams, m) and their mask."""
        v = u[team] * mask[:, :, None]
        size = mask.sum(1).float()
        x = self.into(v * u.shape[1] ** 0.5)
        for block in self.blocks:
            x = block(x, src_key_padding_mask=~mask)
        x = self.norm(x)
        both = torch.cat([(x[:, :, None] - x[:, None]).abs(), x[:, :, None] * x[:, None]], dim=3)
        # The mean of few answers is mostly the answers themselves: take away more of it in larger teams.
        share = torch.sigmoid(self.share[0] + self.share[1] * torch.log(size / 9.0))
        centred = v - share[:, None, None] * (v.sum(1) / size[:, None])[:, None]
        centred = F.normalize(centred, dim=2, eps=1e-6)
        plain = v @ v.transpose(1, 2)
        out: Tensor = self.out(both) + self.direct(torch.stack([plain, centred @ centred.transpose(1, 2)], 3))
        return out


def padded(teams: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Rows of indices filled up with zeros to the longest, and the mask of the real ones."""
    longest = max(len(team) for team in teams)
    rows = torch.zeros(len(teams), longest, dtype=torch.long)
    mask = torch.zeros(len(teams), longest, dtype=torch.bool)
    for k, team in enumerate(teams):
        rows[k, : len(team)] = torch.tensor(team)
        mask[k, : len(team)] = True
    return rows, mask
