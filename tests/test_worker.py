from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.db import Database, utc_now
from app.jobs import services
from app.jobs.handling import JobContext, JobRefused
from app.jobs.models import MAX_ATTEMPTS, Job, JobState
from app.worker import Worker

ROOT = Path(__file__).parent.parent


def enqueue(database: Database, key: str = "count:1", kind: str = "count") -> int:
    with database.writing() as session:
        return services.enqueue(session, kind=kind, key=key, payload={}).id


def look(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def make_due(database: Database, job_id: int) -> None:
    with database.writing() as session:
        session.get_one(Job, job_id).due_at = utc_now()


def test_a_due_job_is_run_and_done(settings: Settings, database: Database) -> None:
    ran: list[str] = []
    job_id = enqueue(database)
    Worker(settings, database, {"count": lambda context: ran.append("count")}).run_until_idle()
    assert ran == ["count"]
    assert look(database, job_id).state == JobState.DONE


def test_a_handler_that_fails_is_tried_three_times_and_says_why_without_the_message(
    settings: Settings, database: Database
) -> None:
    def fail(context: JobContext) -> None:
        raise ValueError("the canary sings")

    job_id = enqueue(database)
    worker = Worker(settings, database, {"count": fail})
    for _ in range(MAX_ATTEMPTS):
        make_due(database, job_id)
        worker.run_until_idle()
    job = look(database, job_id)
    assert job.state == JobState.FAILED
    assert "ValueError" in job.error
    assert "canary" not in job.error


def test_a_job_that_can_never_succeed_is_not_tried_again(settings: Settings, database: Database) -> None:
    def refuse(context: JobContext) -> None:
        raise JobRefused("The round is not closed.")

    job_id = enqueue(database)
    Worker(settings, database, {"count": refuse}).run_until_idle()
    job = look(database, job_id)
    assert (job.state, job.error) == (JobState.FAILED, "The round is not closed.")


def test_one_bad_job_does_not_block_the_next(settings: Settings, database: Database) -> None:
    def fail(context: JobContext) -> None:
        raise ValueError

    ran: list[str] = []
    enqueue(database, key="bad", kind="bad")
    good = enqueue(database, key="good", kind="good")
    Worker(settings, database, {"bad": fail, "good": lambda context: ran.append("good")}).run_until_idle()
    assert ran == ["good"]
    assert look(database, good).state == JobState.DONE


def test_a_job_of_an_unknown_kind_is_kept_and_named(settings: Settings, database: Database) -> None:
    job_id = enqueue(database, kind="from a newer version")
    Worker(settings, database, {}).run_until_idle()
    assert "from a newer version" in look(database, job_id).error


def test_progress_is_told_while_the_job_runs(settings: Settings, database: Database) -> None:
    seen: list[tuple[int, str]] = []
    job_id = enqueue(database)

    def handler(context: JobContext) -> None:
        context.tell_progress(40, "Judging the answers")
        job = look(database, job_id)
        seen.append((job.progress, job.progress_note))

    Worker(settings, database, {"count": handler}).run_until_idle()
    assert seen == [(40, "Judging the answers")]


def test_running_jobs_are_finished_before_the_worker_stops(settings: Settings, database: Database) -> None:
    worker = Worker(replace(settings, worker_threads=2), database)

    def handler(context: JobContext) -> None:
        worker.stopping.set()
        time.sleep(0.3)

    worker.handlers = {"count": handler}
    job_id = enqueue(database)
    worker.run()
    assert look(database, job_id).state == JobState.DONE


KILLED_WORKER = """
import os, signal, sys
from pathlib import Path
from app.config import Settings
from app.db import Database
from app.worker import Worker
settings = Settings.from_environment()
def handler(context):
    Path(os.environ["MARK"]).touch()
    signal.pause()
Worker(settings, Database(settings.database_url), {"count": handler}).run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_the_job_of_a_killed_worker_is_done_by_the_next_one(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    job_id = enqueue(database)
    mark = tmp_path / "started"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NINEFOLD_")},
        "MARK": str(mark),
        "NINEFOLD_DATA": str(settings.data),
        "NINEFOLD_DATABASE_URL": database.url.replace("+psycopg", ""),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_WORKER], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert look(database, job_id).state == JobState.RUNNING
    with database.writing() as session:  # the clock, half a minute later
        session.get_one(Job, job_id).leased_until = utc_now()
    ran: list[str] = []
    Worker(settings, database, {"count": lambda context: ran.append("count")}).run_until_idle()
    assert ran == ["count"]
    assert look(database, job_id).state == JobState.DONE
