"""Companies are read whole and never split between the parts."""

import json
from pathlib import Path

import pytest

from training import companies as module
from training.companies import fold_of, read, read_all, split

ONE = {
    "company": "Quarrel & Sons",
    "industry": "quarry",
    "positions": [
        {"id": "p1", "gist": "Sell stone.", "answers": [{"role": "CEO", "tier": "plain", "text": "Stone."}]},
        {"id": "p2", "gist": "Sell sand.", "answers": [{"role": "CFO", "tier": "plain", "text": "Sand."}]},
    ],
    "conflicts": [["p2", "p1"]],
    "mixed": [{"role": "COO", "text": "Stone and sand.", "positions": ["p1", "p2"]}],
    "vague": [{"role": "CMO", "text": "Be good."}],
}


def _written(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    path = folder / name
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_gists_mixed_and_vague_answers_are_read_with_their_positions(tmp_path):
    (company,) = read(_written(tmp_path, "one.json", [ONE]))
    found = {answer.text: (answer.tier, answer.positions) for answer in company.answers}
    assert found["Sell sand."] == ("gist", (1,))
    assert found["Stone and sand."] == ("mixed", (0, 1))
    assert found["Be good."] == ("vague", ())
    assert company.conflicts == {(0, 1)}


def test_a_name_used_twice_is_refused(tmp_path, monkeypatch):
    _written(tmp_path, "train.json", [ONE])
    _written(tmp_path, "written-x-01.json", [ONE])
    monkeypatch.setattr(module, "DATA", tmp_path)
    with pytest.raises(ValueError, match="Quarrel"):
        read_all()


def test_the_part_of_a_company_depends_on_its_name_alone():
    names = [f"Company {k}" for k in range(2000)]
    parts = [fold_of(name) for name in names]
    assert parts == [fold_of(name) for name in names]
    assert 0.11 < parts.count("holdout") / 2000 < 0.18
    assert 0.08 < parts.count("validation") / 2000 < 0.14


def test_no_answer_of_the_hold_out_occurs_in_training():
    parts = split(read_all())
    trained = {answer.text for company in parts["train"] for answer in company.answers}
    held = {a.text for company in parts["holdout"] for a in company.answers if a.tier != "gist"}
    assert not trained & held
