"""The head that is trained and the head that runs must be one and the same function."""

import numpy as np
import torch

from app.analysis.pair_head import Head
from training.head import PairHead, padded


def _trained_head(seed: int) -> PairHead:
    torch.manual_seed(seed)
    head = PairHead(width=48, hidden=16)
    with torch.no_grad():
        for weight in head.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    return head.eval()


def _vectors(n: int, width: int = 48) -> torch.Tensor:
    torch.manual_seed(n)
    return torch.nn.functional.normalize(torch.randn(n, width), dim=1)


def test_numpy_and_torch_read_the_same_pairs_in_the_same_team():
    head, u = _trained_head(1), _vectors(9)
    rows, mask = padded([range(9)])
    with torch.no_grad():
        expected = (head.pairs(u) + head.context(u, rows, mask)[0]).numpy()
    i, j = np.triu_indices(9, 1)
    running = Head({name: weight.numpy() for name, weight in head.state_dict().items()})
    found = running.pairs(u.numpy(), i, j)
    assert np.abs(found - expected[i, j]).max() < 1e-4


def test_numpy_and_torch_read_the_same_texts():
    head, u = _trained_head(2), _vectors(5)
    with torch.no_grad():
        expected = head.texts(u).numpy()
    running = Head({name: weight.numpy() for name, weight in head.state_dict().items()})
    assert np.abs(running.texts(u.numpy()) - expected).max() < 1e-4


def test_a_team_is_read_alike_beside_larger_teams():
    head, u = _trained_head(3), _vectors(12)
    with torch.no_grad():
        alone = head.context(u, *padded([[0, 3, 5, 7]]))[0]
        beside = head.context(u, *padded([[0, 3, 5, 7], range(12)]))[0, :4, :4]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_a_pair_reads_the_same_from_both_sides():
    head, u = _trained_head(4), _vectors(6)
    with torch.no_grad():
        logits = head.pairs(u) + head.context(u, *padded([range(6)]))[0]
    assert torch.allclose(logits, logits.transpose(0, 1), atol=1e-5)
