from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = ["analysis.agreement", "analysis.maturity", "analysis.priorities", "analysis.ranking", "analysis.change", "analysis.partitions", "analysis.result", "analysis.sampling", "analysis.texts",
           "analysis.wording", "spreadsheets.files"]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(import_module(f"app.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
