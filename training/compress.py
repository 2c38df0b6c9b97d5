"""Turn a trained encoder into the small file that is shipped: differences of a few bits a number, and the head.

    python -m training.compress --runs judge-1 judge-2

Reads training/runs/<name>/latest.pt, writes app/analysis/weights/pair-judge.safetensors. Of several runs that began
with the same weights the mean of their weights is taken ("model soup", Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from app.analysis.differences import LEVELS, Tensors, levels_for, packed, scales_of
from training.encoder import PackedEncoder
from training.train import RUNS, model_folder

Weights = dict[str, torch.Tensor]

WEIGHTS = Path(__file__).parent.parent / "app" / "analysis" / "weights" / "pair-judge.safetensors"


def adapter_of(trained: Weights, base: Weights, bits: int) -> Tensors:
    """Differences of the weights that training changed, under their names in the base encoder."""
    found: Tensors = {}
    matrices: dict[str, NDArray[np.float32]] = {}
    for name, weight in trained.items():
        difference = (weight.float() - base[name].float()).numpy()
        if not difference.any():
            continue
        short = name.removeprefix("bert.")
        if difference.ndim == 2:
            matrices[short] = difference
        else:
            found[f"{short}.plus"] = difference.astype(np.float16)
    alike = [row / scales_of(row).astype(np.float32)[:, None] for row in matrices.values()]
    found[LEVELS] = levels_for(np.concatenate([row.ravel()[::7] for row in alike]), bits)
    for short, difference in matrices.items():
        found |= {f"{short}.{part}": row for part, row in packed(difference, found[LEVELS]).items()}
    return found


def mean_of(states: Sequence[Weights]) -> Weights:
    """The mean of several runs' weights, name by name."""
    return {name: torch.stack([state[name].float() for state in states]).mean(dim=0) for name in states[0]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", nargs="+", required=True)
    parser.add_argument(
        "--bits", type=int, default=5, help="a number; more than eight megabytes are not for shipping"
    )
    parser.add_argument("--model", help="the base encoder that was trained; default: MiniLM")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    base = PackedEncoder(model_folder(args.model)).state_dict()
    runs = [torch.load(RUNS / run / "latest.pt", weights_only=True) for run in args.runs]
    encoder, head = (mean_of([run[part] for run in runs]) for part in ("encoder", "head"))
    adapter = adapter_of(encoder, base, args.bits)
    tensors = {f"encoder.{name}": row for name, row in adapter.items()}
    tensors |= {f"head.{name}": weight.numpy().astype(np.float16) for name, weight in head.items()}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(row) for name, row in tensors.items()}, args.out)
    manifest = {
        "width": int(head["text.0.weight"].shape[1]),
        "bits": args.bits,
        "trained_on": max(int(run["companies"]) for run in runs),
    }
    args.out.with_suffix(".json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(
        f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB, {len(runs)} run(s), {args.bits} bits a number"
    )


if __name__ == "__main__":
    main()
