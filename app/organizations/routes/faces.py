"""Pictures of people, for those who meet them in an organization and nobody else."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.accounts.models import User
from app.adapters import files, media
from app.kernel.errors import NotFound
from app.organizations.models import Member
from app.organizations.policies import P
from app.organizations.queries.faces import face_by_id
from app.organizations.routes import bp
from app.web.downloads import picture
from app.web.guard import requires
from app.web.urls import TENANT

#: Seconds. A new picture has a new address; who was removed must not be asked for again for ever.
KEPT = 86400


@bp.get(f"{TENANT}/members/<int:member_id>/face")
@requires(P.VIEW_FACES, load=face_by_id)
def show_face(member: Member) -> Response:
    """The picture as it is now, whatever the address says of its version."""
    return sent_face(member.avatar)


def sent_face(name: str | None) -> Response:
    """A stored picture, kept by its reader's browser alone. Raises NotFound."""
    try:
        if name is None:
            raise NotFound
        answer = picture(files.open_file(name), media.PREVIEW)
    except FileNotFoundError:
        raise NotFound from None
    answer.headers["Cache-Control"] = f"private, max-age={KEPT}"
    return answer


def face_of(person: Any) -> str | None:
    """Where the picture of a member or of the signed-in person stands; None for everybody who has none."""
    avatar = getattr(person, "avatar", None)
    if not isinstance(avatar, str) or not avatar:
        return None
    if isinstance(person, Member):
        return url_for("organizations.show_face", member_id=person.id, v=avatar[:8])
    if isinstance(getattr(person, "user", person), User):
        return url_for("accounts.show_avatar", v=avatar[:8])
    return None
