"""The way out of notification mail, without signing in."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.inbox import preferences
from app.inbox.letters import DOOR
from app.inbox.routes import bp
from app.kernel.database import db
from app.kernel.doors import Door
from app.kernel.errors import NotFound
from app.organizations.models import Member, Organization
from app.web.guard import opens
from app.web.replies import page
from app.web.safety import csrf


@bp.get("/unsubscribe/<token>")
@opens(DOOR)
def show_unsubscription(door: Door, token: str) -> Response:
    """Asks first: mail scanners open every link."""
    return page("inbox/unsubscription.html", token=token, **_behind(door))


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # mail programs post here (RFC 8058); the token is the proof
@opens(DOOR)
def create_unsubscription(door: Door, token: str) -> Response:
    behind = _behind(door)
    preferences.stop_mail(behind["member"])
    return page("inbox/unsubscription.html", token=token, done=True, **behind)


def _behind(door: Door) -> dict[str, Any]:
    member = db.session.get(Member, (door.organization_id, door.subject_id))
    if member is None or member.left_at:
        raise NotFound
    return {"member": member, "from_organization": db.session.get_one(Organization, door.organization_id)}
