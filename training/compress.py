"""Turn trained encoders into the small file that is shipped: low-rank differences and heads.

    python -m training.compress --runs judge-1 judge-2 --rank 72

Reads training/runs/<name>/latest.pt, writes app/analysis/weights/pair-judge.safetensors. The judge
averages over the runs given.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from app.analysis.lowrank import Tensors, difference_of, factorised
from training.encoder import PackedEncoder
from training.train import RUNS, model_folder

WEIGHTS = Path(__file__).parent.parent / "app" / "analysis" / "weights" / "pair-judge.safetensors"


def adapter_of(trained: dict[str, torch.Tensor], base: dict[str, torch.Tensor], rank: int) -> Tensors:
    """Differences of the weights that training changed, under their names in the base encoder."""
    found: Tensors = {}
    for name, weight in trained.items():
        difference = (weight.float() - base[name].float()).numpy()
        if not difference.any():
            continue
        short = name.removeprefix("bert.")
        if difference.ndim == 2:
            found |= {f"{short}.{part}": row for part, row in factorised(difference, rank).items()}
        else:
            found[f"{short}.plus"] = difference.astype(np.float16)
    return found


def apply(encoder: PackedEncoder, adapter: Tensors) -> None:
    """Put base weights plus adapter into an encoder that holds the base weights."""
    with torch.no_grad():
        for name, weight in encoder.bert.named_parameters():
            difference = difference_of(adapter, name)
            if difference is not None:
                weight += torch.from_numpy(difference)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", nargs="+", required=True)
    parser.add_argument("--rank", type=int, default=72)
    parser.add_argument("--model", help="the base encoder that was trained; default: MiniLM")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    base = PackedEncoder(model_folder(args.model)).state_dict()
    tensors: Tensors = {}
    for member, run in enumerate(args.runs):
        state = torch.load(RUNS / run / "latest.pt", weights_only=True)
        adapter = adapter_of(state["encoder"], base, args.rank)
        tensors |= {f"{member}.encoder.{name}": row for name, row in adapter.items()}
        for name, weight in state["head"].items():
            tensors[f"{member}.head.{name}"] = weight.numpy().astype(np.float16)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(row) for name, row in tensors.items()}, args.out)
    manifest = {
        "members": len(args.runs),
        "width": int(state["head"]["text.0.weight"].shape[1]),
        "rank": args.rank,
        "trained_on": int(state.get("companies", 0)),
    }
    args.out.with_suffix(".json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB, {len(args.runs)} member(s), rank {args.rank}")


if __name__ == "__main__":
    main()
