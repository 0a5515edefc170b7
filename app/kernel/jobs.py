"""Jobs: RQ is transport, PostgreSQL is the truth.

A job's arguments are ids only. Jobs asked for during a transaction are sent after its commit; if Redis is down then,
the row that wanted the job is still there and a sweep or timer asks again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis, RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel import ledger, live, outcomes
from app.kernel.crypto import keep_secrets
from app.kernel.database import db
from app.kernel.tenancy import organization

log = structlog.get_logger(__name__)

QUEUE = "trestle"
#: Seconds a job may run before its work-horse is ended.
TIMEOUT = 900

_jobs: dict[str, Callable[..., None]] = {}


def job(function: Callable[..., None]) -> Callable[..., None]:
    """Make a function a job. It is called inside its organization, in one transaction, with ids as arguments."""
    _jobs[function.__name__] = function
    return function


def redis() -> Redis:
    """This application's Redis."""
    return current_app.extensions["redis"]


def queue() -> Queue:
    return Queue(QUEUE, connection=redis(), serializer=JSONSerializer)


def ask(function: Callable[..., None] | str, *args: Any, key: str) -> None:
    """Send a job when this transaction commits. `key` names the row it serves (`import-12`): one job waits for it."""
    name = function if isinstance(function, str) else function.__name__
    found = db.session.info.get("organization_id")
    db.session.connection()  # a transaction must have begun for its end to send or forget this
    db.session.info.setdefault("jobs", []).append((name, found, args, f"{name}-{found}-{key}"))


def send(name: str, organization_id: int | None, args: tuple[Any, ...], job_id: str) -> None:
    """Put a job on the queue now; a job of the same id that still waits is enough. Raises RedisError."""
    try:
        queue().enqueue(
            perform,
            name,
            organization_id,
            *args,
            job_id=job_id,
            unique=True,
            result_ttl=0,
            failure_ttl=60,
            job_timeout=TIMEOUT,
        )
    except DuplicateJobError:
        log.debug("job.waiting", job=name, job_id=job_id)


def perform(name: str, organization_id: int | None, *args: Any) -> None:
    """Run a job in its organization (or in none), in one transaction. Called by the worker."""
    app: Flask = worker_app()
    keep_secrets(app)
    with app.app_context():
        log_to = structlog.contextvars.bound_contextvars(job=name, organization=organization_id)
        here = ledger.origin.set(ledger.Origin(agent=f"job:{name}"))
        began = time.perf_counter()
        try:
            with log_to, organization(organization_id):
                _jobs[name](*args)
        except Exception as error:
            outcomes.note(redis(), name, organization_id, args, time.perf_counter() - began, error)
            raise
        finally:
            ledger.origin.reset(here)
        log.info("job.done", job=name, organization=organization_id)
        outcomes.note(redis(), name, organization_id, args, time.perf_counter() - began, None)


_app: list[Flask] = []


def serve_with(app: Flask) -> None:
    """The application whose jobs this process performs."""
    _app[:] = [app]


def worker_app() -> Flask:
    """The application that `serve_with` named."""
    return _app[0]


@event.listens_for(Session, "after_commit")
def _settle(session: Session) -> None:
    """What a commit sets free: live versions move, one dispatch job and the jobs asked for are sent. No SQL here."""
    if session.in_nested_transaction():
        return
    info = session.info
    touched, recorded, jobs = info.pop("touched", None), info.pop("recorded", {}), info.pop("jobs", [])
    if not (touched or recorded or jobs):
        return
    # One a commit: a dispatch that already runs may have looked before this commit.
    jobs = [*jobs, *(("dispatch", found, (), f"dispatch-{found}-{first}") for found, first in recorded.items())]
    if touched:
        info["moved"] = live.publish(redis(), touched)
    try:
        for name, organization_id, args, job_id in jobs:
            send(name, organization_id, args, job_id)
    except RedisError as error:
        log.warning("queue.unreachable", error=str(error))  # the rows are committed; the sweep sends later


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for key in ("touched", "recorded", "jobs"):
        session.info.pop(key, None)
