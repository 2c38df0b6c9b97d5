"""The worker: claims jobs, runs their handlers, renews their leases, and looks at the clock for due rounds.

Any number of workers may run, on any number of machines: one conditional UPDATE decides who has a job
(`jobs.services.claim`). A worker that is killed loses nothing: its lease runs out and another one takes over.
"""

from __future__ import annotations

import contextlib
import secrets
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database, utc_now
from app.deliveries import tasks as deliveries
from app.evidence import tasks as evidence
from app.jobs import queries, services
from app.jobs.handling import Handler, JobContext, JobRefused, LeaseLost
from app.jobs.models import MAX_ATTEMPTS, Job
from app.observing import tasks as observing
from app.reports import tasks as reports
from app.running import tasks as running
from app.surveys import tasks as surveys
from app.tracking import tasks as tracking

# One line registers a kind of job, one line a look at the clock.
HANDLERS: dict[str, Handler] = {
    "build_report": reports.build_report,
    "build_convergence": tracking.build_convergence,
    "deliver": deliveries.deliver,
    "send_test_mail": deliveries.send_test_mail,
    "check_mail_server": deliveries.check_mail_server,
    "tell_observer": observing.tell_observer,
    "open_round": running.open_round,
    "open_pulse": running.open_pulse,
    "send_notice": running.send_notice,
}
PERIODIC: tuple[Callable[[Session, datetime], None], ...] = (
    surveys.close_due_rounds,
    running.start_due_openings,
    running.start_due_pulses,
    running.try_mail_before_openings,
    evidence.end_due_echo_checks,
    deliveries.send_due_reminders,
    deliveries.end_stranded_deliveries,
)

POLL_SECONDS = 0.5
PERIODIC_SECONDS = 5.0
RENEW_SECONDS = 10.0

log = structlog.get_logger("ninefold.worker")


class Worker:
    def __init__(
        self, settings: Settings, database: Database, handlers: dict[str, Handler] | None = None
    ) -> None:
        self.settings = settings
        self.database = database
        self.handlers = HANDLERS if handlers is None else handlers
        self.holder = secrets.token_hex(16)
        self.stopping = threading.Event()
        self._running: set[Future[None]] = set()
        self._next_periodic = 0.0

    def run(self) -> None:
        """Work until `stopping` is set; running jobs are finished first."""
        log.info("worker started", threads=self.settings.worker_threads)
        with ThreadPoolExecutor(self.settings.worker_threads, thread_name_prefix="job") as pool:
            while not self.stopping.is_set():
                try:
                    self._look_at_the_clock()
                    started = self._start_due_jobs(pool)
                except OperationalError as problem:
                    log.error("database unavailable", error=type(problem.orig).__name__)
                    started = False
                if not started:
                    self.stopping.wait(POLL_SECONDS)
        log.info("worker stopped")

    def run_until_idle(self) -> None:
        """Run everything that is due, one job after the other, and return (command line, tests)."""
        while True:
            self._next_periodic = 0.0
            self._look_at_the_clock()
            job_ids = self._due_ids(limit=1)
            if not job_ids:
                return
            self._claim_and_run(job_ids[0])

    def _look_at_the_clock(self) -> None:
        if time.monotonic() < self._next_periodic:
            return
        self._next_periodic = time.monotonic() + PERIODIC_SECONDS
        now = utc_now()
        with self.database.writing() as session:
            services.end_exhausted(session, now=now)
            for look in PERIODIC:
                look(session, now)
        self.database.empty_log()

    def _due_ids(self, limit: int) -> list[int]:
        with self.database.reading() as session:
            return queries.list_claimable_ids(session, now=utc_now(), limit=limit)

    def _start_due_jobs(self, pool: ThreadPoolExecutor) -> bool:
        self._running = {future for future in self._running if not future.done()}
        free = self.settings.worker_threads - len(self._running)
        if free <= 0:
            return False
        job_ids = self._due_ids(limit=free)
        self._running |= {pool.submit(self._claim_and_run, job_id) for job_id in job_ids}
        return bool(job_ids)

    def _claim_and_run(self, job_id: int) -> None:
        with self.database.writing() as session:
            job = services.claim(session, job_id=job_id, holder=self.holder, now=utc_now())
        if job is None:
            return
        log.info("job started", job=job.id, kind=job.kind, attempt=job.attempts)
        begun = time.monotonic()
        try:
            handler = self.handlers.get(job.kind)
            if handler is None:
                raise JobRefused(f"This version of Ninefold does not know the job {job.kind!r}.")
            with self._lease_renewed(job_id):
                handler(
                    JobContext(
                        database=self.database,
                        settings=self.settings,
                        payload=job.payload,
                        tell_progress=lambda percent, note: self._tell_progress(job_id, percent, note),
                    )
                )
        except LeaseLost:
            log.warning("job taken over by another worker", job=job.id, kind=job.kind)
        except JobRefused as refusal:
            job.attempts = MAX_ATTEMPTS
            self._fail(job, str(refusal))
        except Exception as error:  # one bad job must not end the loop
            # Where and what kind; the message itself may quote an answer.
            place = traceback.extract_tb(error.__traceback__)[-1]
            self._fail(job, f"{type(error).__name__} at {place.name}:{place.lineno}")
        else:
            with self.database.writing() as session:
                services.finish(session, job_id=job_id, holder=self.holder, now=utc_now())
            log.info("job done", job=job.id, kind=job.kind, seconds=round(time.monotonic() - begun, 1))

    def _fail(self, job: Job, error: str) -> None:
        log.error("job failed", job=job.id, kind=job.kind, attempt=job.attempts, error=error)
        with self.database.writing() as session:
            services.fail(session, job=job, holder=self.holder, now=utc_now(), error=error)

    def _tell_progress(self, job_id: int, percent: int, note: str) -> None:
        with self.database.writing() as session:
            is_held = services.renew(
                session, job_id=job_id, holder=self.holder, now=utc_now(), progress=percent, note=note
            )
        if not is_held:
            raise LeaseLost

    @contextlib.contextmanager
    def _lease_renewed(self, job_id: int) -> Iterator[None]:
        """Renew the lease in the background: a slow handler is not a dead one."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_SECONDS):
                with contextlib.suppress(OperationalError), self.database.writing() as session:
                    services.renew(session, job_id=job_id, holder=self.holder, now=utc_now())

        thread = threading.Thread(target=renew, name=f"lease-{job_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def stop_when_parent_ends(worker: Worker) -> None:
    """For a supervised child: its standard input is a pipe that closes when the server ends, however it ends."""

    def wait_for_end_of_input() -> None:
        sys.stdin.buffer.read()
        worker.stopping.set()

    threading.Thread(target=wait_for_end_of_input, name="parent-watch", daemon=True).start()
