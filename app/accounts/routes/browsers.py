"""Where one is signed in, and signing out elsewhere."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from app.accounts import sessions
from app.accounts.routes import bp
from app.accounts.security import note_event
from app.kernel.words import gettext as _
from app.web.guard import signed_in
from app.web.replies import go, page


@bp.get("/account/sessions")
@signed_in
def list_sessions() -> Response:
    return page(
        "accounts/sessions.html", browsers=sessions.browsers_of(current_user.id), present=current_user.session.id
    )


@bp.post("/account/sessions/<int:session_id>/revocation")
@signed_in
def create_revocation(session_id: int) -> Response:
    """Sign another browser of one's own out; somebody else's is none of one's own, and nothing happens."""
    sessions.end_one(current_user.id, session_id)
    note_event("session.revoked", user_id=current_user.id, session=session_id)
    return go(url_for("accounts.list_sessions"), _("That browser is signed out."))


@bp.post("/account/sessions/revocation")
@signed_in
def create_revocations() -> Response:
    """Sign all other browsers out."""
    sessions.end_others(current_user.id, keep=current_user.session.id)
    note_event("sessions.revoked", user_id=current_user.id)
    return go(url_for("accounts.list_sessions"), _("All other browsers are signed out."))
