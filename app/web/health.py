"""For whoever watches the machine: `/healthz` (this process answers), `/readyz` (everything it needs does)."""

from __future__ import annotations

import time

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.database import db
from app.kernel.jobs import queue, redis
from app.kernel.timers import TICK_KEY
from app.web.guard import anyone

bp = Blueprint("health", __name__)
#: Seconds after which a silent scheduler is a fault.
SILENT = 15


@bp.get("/healthz")
@anyone
def live() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@anyone
def ready() -> ResponseReturnValue:
    """200 when database, queue and scheduler are well, else 503 and which is not."""
    parts: dict[str, object] = {}
    try:
        db.session.execute(text("SELECT 1"))
        parts["database"] = "ok"
    except SQLAlchemyError:
        parts["database"] = "unreachable"
    try:
        parts["queued"] = queue().count
        ticked = redis().get(TICK_KEY)
        age = time.time() - float(ticked) if ticked else None
        parts["queue"] = "ok"
        parts["scheduler"] = "ok" if age is not None and age < SILENT else "silent"
        parts["scheduler_tick_age_s"] = round(age, 1) if age is not None else None
    except RedisError:
        parts["queue"] = "unreachable"
    well = parts.get("database") == parts.get("queue") == parts.get("scheduler") == "ok"
    return jsonify(status="ok" if well else "unready", **parts), 200 if well else 503


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
