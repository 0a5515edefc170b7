"""`/metrics`, as Prometheus reads it: what the processes counted, and what rows and Redis say at this moment."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, current_app, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from redis import RedisError
from rq import Worker
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import backfills, outcomes
from app.kernel.clock import now
from app.kernel.errors import NotFound
from app.kernel.jobs import queue, redis
from app.kernel.timers import TICK_KEY
from app.operating import queries
from app.web.guard import anyone

bp = Blueprint("measures", __name__)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


@bp.get("/metrics")
@anyone
def show_metrics() -> Response:
    """Whoever knows METRICS_TOKEN; where there is none, the machine itself, past no proxy. Else it is not there."""
    if not _may_read():
        raise NotFound
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        counted = generate_latest(registry)
    else:
        counted = generate_latest(REGISTRY)
    asked = CollectorRegistry()
    asked.register(_Now())
    reply = make_response(counted + generate_latest(asked))
    reply.headers["Content-Type"] = CONTENT_TYPE_LATEST
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _may_read() -> bool:
    token: str = current_app.extensions["trestleboard"].metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    if any(name in request.headers for name in _FORWARDED):
        return False
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
    return host.strip("[]") in _LOOPBACK and _is_near(request.remote_addr or "")


def _is_near(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class _Now:
    """What is asked when somebody looks. A part that does not answer is left out, and `trestle_up` says so."""

    def collect(self) -> Iterator[Any]:
        up = GaugeMetricFamily("trestle_up", "Whether a part answers", labels=("part",))
        for part, ask, error in (("redis", _of_redis, RedisError), ("database", _of_rows, SQLAlchemyError)):
            try:
                found = list(ask())
            except error:
                up.add_metric((part,), 0)
                continue
            up.add_metric((part,), 1)
            yield from found
        yield up


def _of_redis() -> Iterator[Any]:
    line = queue()
    ticked: Any = redis().get(TICK_KEY)
    yield GaugeMetricFamily("trestle_jobs_waiting", "Jobs in the queue", value=line.count)
    yield GaugeMetricFamily("trestle_workers", "Workers that are there", value=Worker.count(queue=line))
    silent = time.time() - float(ticked) if ticked else 1e9
    yield GaugeMetricFamily("trestle_scheduler_silent_seconds", "Since the scheduler last looked", value=silent)
    jobs = CounterMetricFamily("trestle_jobs", "Jobs that ended", labels=("job", "outcome"))
    for (job, outcome), count in outcomes.counts(redis()).items():
        jobs.add_metric((job, outcome), count)
    yield jobs
    seconds = CounterMetricFamily("trestle_job_seconds", "Time that jobs waited and ran", labels=("job", "phase"))
    for (job, phase), value in outcomes.seconds(redis()).items():
        seconds.add_metric((job, phase), value)
    yield seconds


def _of_rows() -> Iterator[Any]:
    found = queries.figures()
    for name, says, value in (
        ("timers_overdue", "Timers that are due", found.timers_overdue),
        ("timers_given_up", "Timers that are not tried any more", found.timers_stopped),
        ("outbox_owed", "Activities that were not dispatched", found.outbox_owed),
        ("outbox_lag_seconds", "Age of the oldest of them", _age(found.outbox_oldest_at)),
        ("outbox_given_up", "Activities that are not tried any more", found.outbox_stopped),
        ("mails_waiting", "Mail that has not left", found.mails_waiting),
        ("mails_failed", "Mail that was given up", found.mails_failed),
        ("mails_unfiled", "Incoming mail that found no place", found.mails_unfiled),
        ("sessions", "Browsers that are signed in", queries.live_sessions()),
        ("backfills_pending", "Backfills that are not done", backfills.pending()),
    ):
        yield GaugeMetricFamily(f"trestle_{name}", says, value=value)


def _age(at: Any) -> float:
    return max(0.0, (now() - at).total_seconds()) if at else 0.0
