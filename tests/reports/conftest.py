"""A judge that needs no model, and a worker that builds what is due."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.config import Settings
from app.db import Database
from app.reports import services
from app.tracking import tasks as tracking
from app.worker import Worker
from tests.analysis.fakes import FirstWordJudge

Build = Callable[[], None]


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> FirstWordJudge:
    """Answers with the same first word state the same strategy; for the worker of this test too."""
    made = FirstWordJudge(assesses=True)
    for module in (services, tracking):
        monkeypatch.setattr(module, "judge_for", lambda _database, _model: made)
    return made


@pytest.fixture
def build(database: Database, settings: Settings, judge: FirstWordJudge) -> Build:
    """Run every job that is due."""
    return Worker(settings, database).run_until_idle
