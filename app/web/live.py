"""The heartbeat: a page asks which of the topics it shows have moved. Answered before the session, from Redis, no SQL.

A page's topics are signed into it and expire, so nobody can ask about what no page of theirs has shown.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, make_response, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature
from redis import RedisError

from app.kernel import live
from app.kernel.crypto import signer
from app.kernel.database import current_organization_id
from app.kernel.errors import Forbidden
from app.kernel.jobs import redis
from app.kernel.words import gettext as _
from app.web.guard import anyone
from app.web.htmx import trigger

bp = Blueprint("live", __name__)
#: Seconds a page's list of topics is answered; a page older than that reloads.
VALID = 24 * 3600
_MOST = 20


@bp.get("/live")
@anyone
def beat() -> Response:
    """204 when nothing moved; else the heartbeat with the new versions, and the `moved` event naming the topics."""
    signed, seen = request.args.get("list", ""), request.args.get("seen", "").split(",")
    try:
        organization_id, _member, *topics = signer("live").loads(signed, max_age=VALID)
    except (BadSignature, ValueError) as error:
        raise Forbidden(_("This page is too old to stay live. Reload it.")) from error
    try:
        present = list(live.versions(redis(), [f"{organization_id}:{topic}" for topic in topics]).values())
    except RedisError:
        return _quiet(make_response("", 204))
    moved = [topic for topic, old, new in zip(topics, seen, present, strict=False) if old != new]
    if len(seen) == len(present) and not moved:
        return _quiet(make_response("", 204))
    # By the template alone: what pages are drawn with asks who is here, and so the database.
    template = current_app.jinja_env.get_template("web/_heartbeat.html")
    reply = make_response(template.render(list=signed, topics=topics, seen=present))
    return _quiet(trigger(reply, moved={"topics": moved}))


def _quiet(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def heartbeat() -> dict[str, Any] | None:
    """What the layout's heartbeat needs: the signed list of what this page `shows`, and the versions seen so far."""
    topics: list[str] = g.get("live_topics", [])
    if not topics or not g.get("member"):
        return None
    organization_id = current_organization_id()
    signed = signer("live").dumps([organization_id, current_user.id, *topics[:_MOST]])
    return {"list": signed, "topics": topics[:_MOST], "seen": g.live_seen[:_MOST]}


def shows(*topics: str) -> None:
    """Say that this page shows these topics of the organization. Call it before the page's own queries.

    Versions are read here, before the data, so that what moves in between is fetched again, not missed.
    """
    known: list[str] = g.setdefault("live_topics", [])
    fresh = [topic for topic in topics if topic not in known]
    organization_id = current_organization_id()
    try:
        seen = list(live.versions(redis(), [f"{organization_id}:{topic}" for topic in fresh]).values())
    except RedisError:
        seen = ["?"] * len(fresh)
    g.live_topics = known + fresh
    g.live_seen = g.get("live_seen", []) + seen


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(heartbeat=heartbeat, live_url=lambda: url_for("live.beat"))
