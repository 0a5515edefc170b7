"""A copy of one's own data: asking for it, seeing how far it is, taking it."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from app.accounts.commands import exports
from app.accounts.routes import bp
from app.accounts.security import note_event
from app.adapters import files
from app.kernel.clock import now
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.web.downloads import download
from app.web.guard import recently_proved, signed_in
from app.web.replies import go, page, reply


@bp.get("/account/data")
@signed_in
def show_exports() -> Response:
    return page("accounts/exports/show.html", exports=exports.exports_of(current_user.id), days=exports.KEPT.days)


@bp.get("/account/data/progress")
@signed_in
def show_export_progress() -> Response:
    return reply("accounts/exports/_list.html", exports=exports.exports_of(current_user.id))


@bp.post("/account/data")
@signed_in
@recently_proved
def create_export() -> Response:
    if not exports.ask_for_export(current_user.id):
        return go(url_for("accounts.show_exports"), _("A copy is being made already."))
    note_event("export.asked", user_id=current_user.id)
    return go(url_for("accounts.show_exports"), _("A copy is being made. You get a mail when it is ready."))


@bp.get("/account/data/<int:export_id>/file")
@signed_in
@recently_proved
def show_export_file(export_id: int) -> Response:
    export = exports.export_to_take(current_user.id, export_id)
    try:
        file = files.open_file(export.file or "")
    except FileNotFoundError:
        raise NotFound from None
    export.fetched_at = now()
    note_event("export.taken", user_id=current_user.id)
    return download(file, f"trestleboard-{export.asked_at:%Y-%m-%d}.zip", "application/zip")
