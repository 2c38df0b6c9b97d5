"""Read the written companies, and split them: always by company, never by answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"

# Files whose companies are all trained on: their figures would say how well one knows one's own writing, and the hold-out
# stays as it was.
TRAINED_ON = ("written-d", "written-e")

# What an answer counts for in the loss: most executives write plainly, so plain must be excellent.
TIER_WEIGHTS = {
    "plain": 1.0,
    "gist": 1.0,
    "indirect": 0.9,
    "figurative": 0.4,
    "mixed": 0.5,
    "vague": 0.5,
    "piece": 0.25,
}


@dataclass(frozen=True)
class Answer:
    """One text, the positions it states (none for a vague one, two for a mixed one) and its tier."""

    text: str
    tier: str
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Company:
    name: str
    industry: str
    source: str
    n_positions: int
    answers: tuple[Answer, ...]
    conflicts: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def of(self, *tiers: str) -> list[Answer]:
        return [answer for answer in self.answers if answer.tier in tiers]


def read(path: Path) -> list[Company]:
    """All companies of one file in the format of training/data/README.md."""
    companies = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        index = {position["id"]: k for k, position in enumerate(row["positions"])}
        answers = []
        for position in row["positions"]:
            k = index[position["id"]]
            answers.append(Answer(position["gist"], "gist", (k,)))
            answers += [Answer(a["text"], a.get("tier", "plain"), (k,)) for a in position["answers"]]
        answers += [
            Answer(a["text"], "mixed", tuple(index[p] for p in a["positions"])) for a in row.get("mixed", ())
        ]
        answers += [Answer(a["text"], "vague", ()) for a in row.get("vague", ())]
        conflicts = {(min(index[a], index[b]), max(index[a], index[b])) for a, b in row.get("conflicts", ())}
        companies.append(
            Company(
                row["company"], row["industry"], path.stem, len(index), tuple(answers), frozenset(conflicts)
            )
        )
    return companies


def read_all() -> list[Company]:
    """train.json and every written-*.json; a company name seen twice is an error, it could leak."""
    companies = read(DATA / "train.json")
    for path in sorted(DATA.glob("written-*.json")):
        companies += read(path)
    names = [company.name for company in companies]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"company names used twice: {sorted(twice)}")
    return companies


def fold_of(name: str, n_holdout: int = 40, n_validation: int = 30, of: int = 278) -> str:
    """The part a company belongs to, decided by its name alone so that added data never reshuffles it."""
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64
    if share < n_holdout / of:
        return "holdout"
    return "validation" if share < (n_holdout + n_validation) / of else "train"


def split(companies: list[Company]) -> dict[str, list[Company]]:
    """train: fitted on. validation: choices and calibration. holdout: only ever reported."""
    parts: dict[str, list[Company]] = {"train": [], "validation": [], "holdout": []}
    for company in companies:
        own = "train" if company.source.startswith(TRAINED_ON) else fold_of(company.name)
        parts[own].append(company)
    return parts
