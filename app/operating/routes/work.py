"""Work that waits or failed: jobs, timers, the outbox, backfills."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Response, request, url_for
from flask_login import current_user
from redis import RedisError
from rq import Worker
from rq.exceptions import DeserializationError
from rq.job import Job

from app.accounts.security import note_event
from app.kernel import backfills, outcomes
from app.kernel.errors import Invalid, Unavailable
from app.kernel.jobs import queue, redis
from app.kernel.words import gettext as _
from app.operating import commands, queries
from app.operating.guard import operator
from app.operating.routes import bp
from app.web.replies import go, page
from app.web.urls import whole

#: Jobs that the page shows of those that wait.
_SHOWN = 50


@bp.get("/jobs")
@operator
def list_jobs() -> Response:
    try:
        found = _jobs()
    except RedisError:
        found = None
    template = "operating/jobs/_parts.html" if "part" in request.args else "operating/jobs/index.html"
    return page(template, found=found)


def _jobs() -> dict[str, Any]:
    line = queue()
    ids = line.get_job_ids(0, _SHOWN)
    running = line.started_job_registry.get_job_ids()[:_SHOWN]
    known = Job.fetch_many([*ids, *running], connection=redis(), serializer=line.serializer)
    jobs = {job.id: job for job in known if job is not None}
    return {
        "count": line.count,
        "waiting": [_shown(jobs[number]) for number in ids if number in jobs],
        "running": [_shown(jobs[number]) for number in running if number in jobs],
        "failures": outcomes.failures(redis()),
        "workers": Worker.all(queue=line),
    }


def _shown(job: Job) -> dict[str, Any]:
    """Its name, its ids and when it was asked for; one that cannot be read is named by its id."""
    try:
        name, *ids = job.args or (job.id,)
    except DeserializationError:
        name, ids = job.id, []
    at = job.enqueued_at
    return {"name": name, "ids": ids, "at": at.replace(tzinfo=at.tzinfo or UTC) if at else None}


@bp.post("/failures/<failure>/again")
@operator
def create_job(failure: str) -> Response:
    with _saying_so():
        commands.try_job_again(failure, by=current_user.id)
    return go(url_for("operating.list_jobs"), _("The job was sent again."))


@bp.post("/failures/<failure>/deletion")
@operator
def destroy_failure(failure: str) -> Response:
    with _saying_so():
        commands.forget_failure(failure, by=current_user.id)
    return go(url_for("operating.list_jobs"), _("Forgotten."))


@contextmanager
def _saying_so() -> Iterator[None]:
    """A Redis that is away is a sentence, not a fault of ours."""
    try:
        yield
    except RedisError as error:
        raise Unavailable(_("The queue cannot be reached right now. Nothing was changed.")) from error


@bp.get("/timers")
@operator
def list_timers() -> Response:
    only = request.args.get("only", "all")
    only = only if only in queries.timer_filters() else "all"
    found = queries.due_timers(only, after=_cursor(request.args.get("after")))
    template = "operating/timers/_rows.html" if "after" in request.args else "operating/timers/index.html"
    shown, more = found[: queries.PAGE], len(found) > queries.PAGE
    after = f"{int(shown[-1].wake_at.timestamp() * 1_000_000)}-{shown[-1].id}" if more else None
    return page(template, timers=shown, only=only, after=after, filters=list(queries.timer_filters()))


def _cursor(text: str | None) -> tuple[datetime, int] | None:
    """Behind which timer to go on. Raises Invalid for what no page of ours said."""
    if text is None:
        return None
    at, _dash, number = text.partition("-")
    if not (at.isdecimal() and number.isdecimal() and len(at) < 18 and len(number) < 19):
        raise Invalid(_("This page does not exist."))
    return datetime.fromtimestamp(int(at) / 1_000_000, UTC), int(number)


@bp.post("/timers/<int:organization_id>/<int:timer_id>/ringing")
@operator
def create_ringing(organization_id: int, timer_id: int) -> Response:
    commands.ring_now(organization_id, timer_id, by=current_user.id)
    return go(url_for("operating.list_timers"), _("It rings within seconds."))


@bp.get("/outbox")
@operator
def list_outbox() -> Response:
    found = queries.owed_activities(after=request.args.get("after", 0, type=whole))
    template = "operating/outbox/_rows.html" if "after" in request.args else "operating/outbox/index.html"
    return page(template, owed=found[: queries.PAGE], more=len(found) > queries.PAGE)


@bp.post("/outbox/<int:organization_id>/dispatch")
@operator
def create_dispatch(organization_id: int) -> Response:
    commands.dispatch_now(organization_id, by=current_user.id)
    return go(url_for("operating.list_outbox"), _("It is being told now."))


@bp.get("/backfills")
@operator
def list_backfills() -> Response:
    template = "operating/backfills/_rows.html" if "part" in request.args else "operating/backfills/index.html"
    return page(template, backfills=backfills.standing())


@bp.post("/backfills/<backfill>/<any(pause, resume, again):what>")
@operator
def update_backfill(backfill: str, what: str) -> Response:
    act = {"pause": backfills.pause, "resume": backfills.resume, "again": backfills.begin_again}[what]
    act(backfill)
    note_event(f"operator.backfill_{what}", user_id=current_user.id, backfill=backfill)
    return go(url_for("operating.list_backfills"))
