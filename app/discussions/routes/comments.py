"""Comments: said, answered, edited, deleted, settled."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.discussions import commands
from app.discussions.forms import CommentForm, EditForm
from app.discussions.models import Attachment, Comment, Emoji
from app.discussions.policies import P
from app.discussions.queries import (
    comment_by_id,
    comment_on,
    deleted_comment,
    is_recent,
    readers_like,
    said_by,
    subject_named,
    waiting_for,
)
from app.discussions.routes import bp
from app.documents.commands import StaleEdit, discard_draft
from app.documents.queries import compare_versions, draft_of, versions_of
from app.kernel.errors import Invalid, Refused
from app.kernel.events import noun_of
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, invalid, page, reply


@bp.post("/<noun>/<int:subject_id>/comments")
@requires(P.CREATE, load=subject_named)
def create_comment(subject: Any) -> Response:
    """Say something. What cannot be said comes back with its reason, the text untouched."""
    form = CommentForm()
    fine, wanted = form.validate(), form.parent.data
    parent = comment_on(subject, current_member, wanted) if wanted and not form.parent.errors else None
    if not fine:
        return invalid(form, _form("new"), subject=subject, parent=parent)
    if wanted and parent is None:
        return _refused(form, commands.NotSaid("The comment that you reply to is not there any more."), subject, None)
    try:
        files = files_named(form, subject)
        remark = commands.Remark(subject, form.body.data or "", parent, attachments=files)
        [comment] = commands.add_comments([remark], by=current_member)
    except (Invalid, commands.NotSaid, commands.NotAttached) as error:
        return _refused(form, error, subject, parent)
    key = draft_key(subject, parent)
    discard_draft(current_member, key)
    if not wants_part():
        return go(_place(comment, subject))
    response = reply("discussions/comments/create.html", subject=subject, parent=parent)
    return trigger(_moved(response, subject), clear_draft={"key": key})


@bp.get("/<noun>/<int:subject_id>/readers")
@requires(P.CREATE, load=subject_named)
def list_readers(subject: Any) -> Response:
    """Those whom a text about it can name and whose name begins like `q`: what a composer offers behind an `@`."""
    return reply("discussions/comments/readers.html", readers=readers_like(subject, request.args.get("q", "")))


@bp.get("/comments/<int:comment_id>")
@requires(P.VIEW, load=comment_by_id)
def show_comment(comment: Comment) -> Response:
    """On to its place on the page of what it is about."""
    return go(_place(comment, comment.about))


@bp.get("/comments/<int:comment_id>/text")
@requires(P.VIEW, load=comment_by_id)
def show_text(comment: Comment) -> Response:
    """What the form of an edit replaced."""
    return reply("discussions/comments/text.html", said=said_by(current_member, comment))


@bp.get("/comments/<int:comment_id>/replies/new")
@requires(P.CREATE, load=comment_by_id)
def new_reply(comment: Comment) -> Response:
    """The form: a page, or what stands under the thread; with `close` nothing again."""
    if "close" in request.args:
        return reply("discussions/comments/closed.html")
    draft = draft_of(current_member, draft_key(comment.about, comment))
    return page(_form("new"), subject=comment.about, parent=comment, form=CommentForm(formdata=None), draft=draft)


@bp.get("/comments/<int:comment_id>/edit")
@requires(P.EDIT, load=comment_by_id)
def edit_comment(comment: Comment) -> Response:
    draft = draft_of(current_member, edit_key(comment))
    return page(_form("edit"), comment=comment, subject=comment.about, form=EditForm.of(comment), draft=draft)


@bp.post("/comments/<int:comment_id>")
@requires(P.EDIT, load=comment_by_id)
def update_comment(comment: Comment) -> Response:
    """Save another text. A stale form comes back with both, and with the present version."""
    form, subject = EditForm(), comment.about
    if not form.validate():
        return invalid(form, _form("edit"), comment=comment, subject=subject)
    try:
        commands.edit_comment(comment, subject, form.body.data or "", by=current_member, seen=form.version.data)
    except StaleEdit as error:
        form.version.data, form.version.raw_data = comment.version, None
        return invalid(form, _form("edit"), comment=comment, subject=subject, stale=str(error))
    except Invalid as error:
        return invalid(form.blame(error), _form("edit"), comment=comment, subject=subject)
    discard_draft(current_member, edit_key(comment))
    if not wants_part():
        return go(_place(comment, subject))
    response = reply("discussions/comments/update.html", said=said_by(current_member, comment))
    return trigger(_moved(response, subject), clear_draft={"key": edit_key(comment)})


@bp.get("/comments/<int:comment_id>/versions")
@requires(P.VIEW, load=comment_by_id)
def list_versions(comment: Comment) -> Response:
    """What a comment said before: a page, or what stands in the dialog."""
    asked = request.args.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else comment.document.version
    return page(
        "discussions/comments/versions.html",
        comment=comment,
        subject=comment.about,
        versions=versions_of(comment.document),
        compared=compare_versions(comment.document, number),
    )


@bp.post("/comments/<int:comment_id>/deletion")
@requires(P.DELETE, load=comment_by_id)
def destroy_comment(comment: Comment) -> Response:
    commands.delete_comment(comment, comment.about, by=current_member)
    undo = url_for("discussions.restore_comment", comment_id=comment.id)
    return _done(comment, "Comment deleted", undo=undo)


@bp.post("/comments/<int:comment_id>/restoration")
@requires(P.DELETE, load=deleted_comment)
def restore_comment(comment: Comment) -> Response:
    commands.restore_comment(comment, comment.about, by=current_member)
    return _done(comment, "The comment is back")


@bp.post("/comments/<int:comment_id>/resolution")
@requires(P.RESOLVE, load=comment_by_id)
def create_resolution(comment: Comment) -> Response:
    commands.resolve_thread(comment, comment.about, by=current_member)
    undo = url_for("discussions.destroy_resolution", comment_id=comment.id)
    return _done(comment, "Thread resolved", undo=undo)


@bp.post("/comments/<int:comment_id>/reopening")
@requires(P.RESOLVE, load=comment_by_id)
def destroy_resolution(comment: Comment) -> Response:
    commands.reopen_thread(comment, comment.about, by=current_member)
    return _done(comment, "Thread reopened")


@bp.get("/comments/<int:comment_id>/reactions")
@requires(P.REACT, load=comment_by_id)
def show_reactions(comment: Comment) -> Response:
    """The menu of signs."""
    return reply("discussions/reactions/menu.html", comment=comment, palette=list(Emoji))


@bp.post("/comments/<int:comment_id>/reactions")
@requires(P.REACT, load=comment_by_id)
def update_reaction(comment: Comment) -> Response:
    """Put the sign `emoji` under a comment, or take it away."""
    given = request.form.getlist("emoji")
    if len(given) != 1 or given[0] not in set(Emoji):
        raise Invalid(_("Send “emoji” once, as one of: %(emoji)s.", emoji=", ".join(Emoji)), "emoji")
    commands.toggle_reaction(comment, comment.about, Emoji(given[0]), by=current_member)
    if not wants_part():
        return go(_place(comment, comment.about))
    return _moved(reply("discussions/reactions/update.html"), comment.about)


def draft_key(subject: Any, parent: Comment | None = None) -> str:
    """The name of a half-typed comment: one for each noun, and one for each thread that is replied to."""
    return f"comment:{parent.id}:reply" if parent else f"comment:{noun_of(subject).name}:{subject.id}:new"


def edit_key(comment: Comment) -> str:
    return f"comment:{comment.id}:edit"


def _form(name: str) -> str:
    """A form as a part of the noun's page, or as a page of its own."""
    return f"discussions/comments/{name}_part.html" if wants_part() else f"discussions/comments/{name}.html"


def files_named(form: CommentForm, subject: Any) -> list[Attachment]:
    """The files that the form names, which wait, and those that it brought itself. Raises NotAttached or Invalid."""
    wanted = form.attachments.data
    waiting = waiting_for(subject, current_member, wanted)
    if len(waiting) < len(wanted):
        raise commands.NotAttached("A file that you chose is not there any more. Choose it again.")
    brought = form.uploads
    return (
        [*waiting, *commands.upload_files(subject, brought, by=current_member, internal=False)] if brought else waiting
    )


def _refused(form: CommentForm, error: Refused, subject: Any, parent: Comment | None) -> Response:
    form.body.errors = [*form.body.errors, str(error)]
    return invalid(form, _form("new"), subject=subject, parent=parent)


def _place(comment: Comment, subject: Any) -> str:
    """Where a comment stands on its noun's page."""
    earlier = "" if is_recent(comment) else "?earlier"
    return f"{noun_of(subject).url(subject)}{earlier}#{comment.anchor}"


def _done(comment: Comment, said: str, undo: str | None = None) -> Response:
    if not wants_part():
        return go(noun_of(comment.about).url(comment.about), said)
    return _moved(reply("discussions/comments/done.html", said=said, undo=undo), comment.about)


def _moved(response: Response, subject: Any) -> Response:
    """Also this page's own regions show it: they refresh as if somebody else had done it."""
    return trigger(response, moved={"topics": list(noun_of(subject).topics(subject))})
