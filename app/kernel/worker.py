"""The worker: takes jobs from the queue and performs each in a process of its own, which never outlives it."""

from __future__ import annotations

import gc
import signal
from typing import Any

import structlog
from flask import Flask
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from app.kernel import jobs
from app.kernel.database import db
from app.kernel.parent import die_with_parent

log = structlog.get_logger(__name__)


class MortalWorker(Worker):
    """A worker whose work-horse dies with it: a killed worker's job must not run on beside its repetition."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        die_with_parent(signal.SIGKILL, parent=self.pid)
        with jobs.worker_app().app_context():
            db.engine.dispose(close=False)  # connections belong to the process that opened them
        super().main_work_horse(job, queue)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """One structured line instead of RQ's text. What is tried again, a timer or a sweep asks for again."""
        log.error("job.failed", job_id=job.id, arguments=job.args, exc_info=exc_info)

    def handle_work_horse_killed(self, job: Job, retpid: int, ret_val: int, rusage: Any) -> None:
        log.error("job.killed", job_id=job.id, arguments=job.args, status=ret_val)


def run_worker(app: Flask, *, burst: bool = False) -> None:
    """Perform jobs until SIGTERM or SIGINT; the one in hand is finished first, a second signal ends it.

    `burst` returns when the queue is empty (tests, cron-like hosts).
    """
    with app.app_context():
        queue = jobs.queue()
    jobs.serve_with(app)
    worker = MortalWorker([queue], connection=queue.connection, serializer=JSONSerializer)
    gc.freeze()  # what is loaded now is shared with every work-horse, as long as the collector leaves it alone
    worker.work(burst=burst, logging_level="WARNING")
