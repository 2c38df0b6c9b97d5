"""Draw docs/judge/reliability.svg: of the pairs given 0.7, are seven in ten the same strategy?

    python -m benchmarks.reliability

Pairs of teams of nine from the hold-out companies, in ten bins; the area of a dot is the number of its
pairs. Also prints the bins and the Brier score.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.analysis.adapted import AdapterWeights
from app.analysis.calibration import Calibration
from training.calibrate import ALL, REALISTIC, Vectors
from training.companies import read_all, split
from training.head import OPPOSED, SAME
from training.teams import draw_many

OUT = Path(__file__).parent.parent / "docs" / "judge" / "reliability.svg"
SIDE, LEFT, TOP = 300, 60, 50

Array = NDArray[np.float64]


def bins(chance: Array, truth: Array) -> list[tuple[float, float, int]]:
    """(mean probability, share that is true, number of pairs) of the ten bins that hold any."""
    place = np.minimum((chance * 10).astype(int), 9)
    return [
        (float(chance[place == k].mean()), float(truth[place == k].mean()), int((place == k).sum()))
        for k in range(10)
        if (place == k).any()
    ]


def panel(title: str, rows: list[tuple[float, float, int]], x: int) -> str:
    total = sum(n for _, _, n in rows)
    parts = [
        f'<text x="{x}" y="{TOP - 14}" font-size="14" font-weight="bold">{title}</text>',
        f'<rect x="{x}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{x}" y1="{TOP + SIDE}" x2="{x + SIDE}" y2="{TOP}" stroke="#888" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = TOP + SIDE * (1 - tick)
        parts.append(
            f'<text x="{x + SIDE * tick:.0f}" y="{TOP + SIDE + 18}" text-anchor="middle">{tick:g}</text>'
            f'<text x="{x - 6}" y="{at + 4:.0f}" text-anchor="end">{tick:g}</text>'
        )
    for chance, share, n in rows:
        radius = 3 + 22 * (n / total) ** 0.5
        parts.append(
            f'<circle cx="{x + SIDE * chance:.1f}" cy="{TOP + SIDE * (1 - share):.1f}" r="{radius:.1f}" '
            f'fill="#1f5f8b" fill-opacity="0.55" stroke="#1f5f8b"/>'
        )
    return "\n".join(parts)


def main() -> None:
    weights = AdapterWeights()
    companies = split(read_all())["holdout"]
    vectors = Vectors(companies, weights)
    calibration = Calibration.of(weights.manifest["calibration"])
    drawn: list[str] = []
    panels = (
        ("same, realistic", REALISTIC, SAME),
        ("same, figurative too", ALL, SAME),
        ("opposed, realistic", REALISTIC, OPPOSED),
    )
    for number, (title, tiers, kind) in enumerate(panels):
        chance, truth = [], []
        for team in draw_many(companies, per_company=10, tiers=tiers, seed=7):
            judged = calibration.judgements(vectors.read(team.company, team.answers))
            at, (i, j) = np.array(team.answers), np.triu_indices(len(team.answers), 1)
            chance.append((judged.same if kind == SAME else judged.opposed)[i, j])
            truth.append(vectors.kinds[team.company][at[i], at[j]] == kind)
        p, y = np.concatenate(chance), np.concatenate(truth).astype(np.float64)
        rows = bins(p, y)
        base = y.mean() * (1 - y.mean())
        print(f"{title}: Brier {np.mean((p - y) ** 2):.4f}, base-rate forecaster {base:.4f}, {len(y)} pairs")
        for row in rows:
            print(f"  said {row[0]:.2f}  true {row[1]:.2f}  pairs {row[2]}")
        drawn.append(panel(title, rows, LEFT + number * (SIDE + 70)))
    width, height = LEFT + 3 * (SIDE + 70), TOP + SIDE + 60
    OUT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>Reliability of the pair judge on held-out companies</title>\n'
        + "\n".join(drawn)
        + f'\n<text x="{LEFT}" y="{height - 10}">across: probability that the judge gives; '
        "up: share of the pairs that are so; dotted line: perfect calibration</text>\n</svg>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
