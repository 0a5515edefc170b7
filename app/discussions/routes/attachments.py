"""Files: sent ahead for a comment, put beside a noun, taken, deleted, brought back."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.adapters import files, media
from app.discussions import commands
from app.discussions.forms import FilesForm
from app.discussions.models import Attachment
from app.discussions.policies import Files, P
from app.discussions.queries import attachment_by_id, deleted_attachment, subject_named
from app.discussions.routes import bp
from app.kernel.errors import Invalid, NotFound
from app.kernel.events import noun_of
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.downloads import download, picture
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, reply


@bp.post("/<noun>/<int:subject_id>/uploads")
@requires(Files.CREATE, load=subject_named)
def create_upload(subject: Any) -> Response:
    """Files that are to stand with a comment which is still being written. The reply is their rows in its form.

    They are kept as open as that comment will be; until then nobody else sees them.
    """
    waiting = commands.upload_files(subject, _sent().uploads, by=current_member, internal=False)
    return reply("discussions/attachments/waiting.html", attachments=waiting)


@bp.post("/<noun>/<int:subject_id>/attachments")
@requires(P.CREATE, load=subject_named)
def create_attachments(subject: Any) -> Response:
    """Files that stand with the noun itself."""
    made = commands.attach_files(subject, _sent().uploads, by=current_member)
    said = f"“{made[0].name}” attached" if len(made) == 1 else f"{len(made)} files attached"
    return _done(subject, said)


@bp.get("/attachments/<int:attachment_id>")
@requires(Files.VIEW, load=attachment_by_id)
def show_attachment(attachment: Attachment) -> Response:
    """The file itself, always to be saved and never to be shown."""
    file = _opened(attachment.file)
    if request.method == "GET":
        commands.count_download(attachment)
    kind = media.UNKNOWN if attachment.media_type in media.ACTIVE else attachment.media_type
    return download(file, attachment.name, kind)


@bp.get("/attachments/<int:attachment_id>/preview")
@requires(Files.VIEW, load=attachment_by_id)
def show_preview(attachment: Attachment) -> Response:
    """The small picture that we drew of it."""
    if attachment.preview is None:
        raise NotFound
    return picture(_opened(attachment.preview), media.PREVIEW)


@bp.post("/attachments/<int:attachment_id>/deletion")
@requires(Files.DELETE, load=attachment_by_id)
def destroy_attachment(attachment: Attachment) -> Response:
    """Taken back; one that was waiting is gone, and its row in the form with it."""
    waited = attachment.is_waiting
    commands.delete_attachments([attachment], attachment.about, by=current_member)
    if waited:
        return reply("discussions/attachments/gone.html")
    undo = url_for("discussions.restore_attachment", attachment_id=attachment.id)
    return _done(attachment.about, f"“{attachment.name}” deleted", undo)


@bp.post("/attachments/<int:attachment_id>/restoration")
@requires(Files.DELETE, load=deleted_attachment)
def restore_attachment(attachment: Attachment) -> Response:
    commands.restore_attachments([attachment], attachment.about, by=current_member)
    return _done(attachment.about, f"“{attachment.name}” is back")


def _sent() -> FilesForm:
    form = FilesForm()
    if not form.validate():
        raise Invalid(" ".join(error for errors in form.errors.values() for error in errors), "files")
    return form


def _opened(name: str) -> Any:
    try:
        return files.open_file(name)
    except FileNotFoundError:
        raise NotFound(_("The file itself is not there any more. Tell whoever runs this server.")) from None


def _done(subject: Any, said: str, undo: str | None = None) -> Response:
    noun = noun_of(subject)
    if not wants_part():
        return go(noun.url(subject), said)
    response = reply("discussions/comments/done.html", said=said, undo=undo)
    return trigger(response, moved={"topics": list(noun.topics(subject))})
