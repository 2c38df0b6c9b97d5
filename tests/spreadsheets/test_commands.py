from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.analysis import default_judge
from app.spreadsheets import commands
from app.spreadsheets.commands import analyse_command, track_command
from tests.analysis.fakes import FirstWordJudge

TABLE = "person;answer\n" + "".join(
    f"P{i};{word} is the way, we think\n" for i, word in enumerate(["north"] * 5 + ["south"] * 3 + ["east"])
)


@pytest.fixture(autouse=True)
def quick_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "default_judge", lambda model=None: FirstWordJudge())
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


def teams(*answers: list[str]) -> str:
    return "".join(
        json.dumps({"id": k, "answers": [{"text": text} for text in texts]}) + "\n"
        for k, texts in enumerate(answers)
    )


def test_a_table_as_json(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    result = CliRunner().invoke(analyse_command, [str(tmp_path / "a.csv"), "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["schema"] == "ninefold.analysis/1"
    assert document["n"] == 9
    assert [camp["members"] for camp in document["camps"]] == [[0, 1, 2, 3, 4], [5, 6, 7], [8]]


def test_standard_input() -> None:
    result = CliRunner().invoke(analyse_command, ["-", "--json"], input=TABLE)
    assert json.loads(result.stdout)["n"] == 9


def test_json_lines_give_one_object_a_line_in_the_same_order() -> None:
    text = teams(["north a", "north b", "south c"], [], ["north a"])
    result = CliRunner().invoke(analyse_command, ["-", "--json"], input=text)
    assert result.exit_code == 0
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(document["id"], document["n"]) for document in documents] == [(0, 3), (1, 0), (2, 1)]


def test_a_bad_line_is_named_and_ends_in_status_one() -> None:
    result = CliRunner().invoke(analyse_command, ["-", "--json"], input="{bad\n" + teams(["north a"]))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert "Line 1 was passed over" in result.stderr


def test_the_reading_for_people_fits_the_terminal() -> None:
    result = CliRunner().invoke(analyse_command, ["-"], input=TABLE)
    assert result.exit_code == 0
    assert "Nine executives, three strategies" in result.stdout
    assert "“north is the way, we think”" in result.stdout
    assert "Judge: first word" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    "text", ["answer\n", "answer\nnorth\n", 'answer\n🙂\n""\n[b]north[/b]\n', teams([""] * 9)]
)
def test_few_or_unreadable_answers_do_not_break_the_reading(text: str) -> None:
    assert CliRunner().invoke(analyse_command, ["-"], input=text).exit_code == 0


def test_an_unreadable_file_is_one_sentence() -> None:
    result = CliRunner().invoke(analyse_command, ["-"], input="person\nAnn\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Line 1 should name the columns")
    assert result.stdout == ""


def rounds() -> str:
    lines = ["round,person,answer"]
    for label, words in (("Q1", "north south east west up down in out over"), ("Q2", "north " * 9)):
        lines += [f"{label},P{i},{word} number {i} of {label}" for i, word in enumerate(words.split())]
    return "\n".join(lines) + "\n"


def test_tracking_as_json(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("north is the thesis", encoding="utf-8")
    result = CliRunner().invoke(track_command, ["-", "--thesis", str(thesis), "--json"], input=rounds())
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["schema"] == "ninefold.tracking/1"
    assert [(r["label"], r["n"]) for r in document["rounds"]] == [("Q1", 9), ("Q2", 9)]
    assert [(c["from"], c["to"], c["measure"], c["verdict"]) for c in document["changes"]] == [
        ("Q1", "Q2", "agreement", "converging"),
        ("Q1", "Q2", "thesis", "converging"),
    ]
    assert all(set(r["agreement"]) == {"estimate", "low", "high"} for r in document["rounds"])


def test_tracking_for_people() -> None:
    result = CliRunner().invoke(track_command, ["-"], input=rounds())
    assert result.exit_code == 0
    assert "converging (p = 0.00" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_an_empty_thesis_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text(" \n", encoding="utf-8")
    result = CliRunner().invoke(
        track_command, ["-", "--thesis", str(tmp_path / "thesis.txt")], input=rounds()
    )
    assert result.exit_code == 1
    assert "is empty" in result.stderr


@pytest.mark.model
def test_the_real_model_reads_teams_without_a_word_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "default_judge", default_judge)
    warm_up = teams(["We sell only in the north.", "Only the north.", "South."])
    text = teams(
        *[[f"We sell {what} in region {i} of our market." for i in range(9)] for what in ("shoes", "bags")]
    )
    result = CliRunner().invoke(analyse_command, ["-", "--json"], input=warm_up + text)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert [json.loads(line)["n"] for line in result.stdout.splitlines()] == [3, 9, 9]


def test_a_model_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "default_judge", default_judge)
    result = CliRunner().invoke(analyse_command, ["-", "--model", "/no/such/model"], input=TABLE)
    assert result.exit_code == 1
    assert result.stderr == "Error: There is no model folder at /no/such/model.\n"
