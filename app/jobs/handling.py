"""What a job handler is: a function of its context, safe to run twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.config import Settings
from app.db import Database


class LeaseLost(Exception):
    """Another worker has the job now; this one must stop without storing anything."""


class JobRefused(Exception):
    """The job can never succeed; the message is shown to the facilitator and it is not tried again."""


@dataclass(frozen=True)
class JobContext:
    """What a handler gets. It opens its own short transactions, so none is held while a model runs."""

    database: Database
    settings: Settings
    payload: dict[str, Any]
    # (0 to 100, what is being done): shown to whoever waits; raises LeaseLost.
    tell_progress: Callable[[int, str], None]


Handler = Callable[[JobContext], None]
