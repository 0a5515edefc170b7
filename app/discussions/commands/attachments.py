"""Files: taken in, attached to a noun or to a comment on it, taken back, thrown away.

A file that a form sends ahead waits for its comment; one that nobody says anything with is thrown away after a day.
What is stored belongs to the transaction: when that fails, the files are gone too (`adapters.files`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from flask import current_app
from sqlalchemy import func, or_, select, update

from app.adapters import files, media
from app.discussions import events
from app.discussions.models import Attachment, Comment
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid, Refused
from app.kernel.events import Event, noun_of
from app.kernel.words import gettext as _

#: How long a file waits to be attached.
WAITS = timedelta(days=1)
#: Files of one person that may wait at once, or a single customer could fill the room of all.
WAITING_MOST = 100
#: How long a deleted file can be brought back.
KEPT = timedelta(days=30)
_NAMED = 3


@dataclass(frozen=True)
class Upload:
    """A file as it comes in: the name that its sender gave it, and its bytes."""

    name: str
    stream: IO[bytes]


class NotAttached(Refused):
    """A file is not, or not any more, where something can be done with it; nothing was changed."""


def upload_files(subject: Any, uploads: Sequence[Upload], *, by: Actor, internal: bool = True) -> list[Attachment]:
    """Take files in that wait to be attached to a comment on `subject`. Only `by` sees them meanwhile.

    Raises Invalid when there are too many, one is empty or too large, or the organization has no room for them;
    Unavailable when the server has none. Then nothing is kept.
    """
    config, noun = current_app.extensions["trestleboard"], noun_of(subject)
    if not uploads:
        raise Invalid(_("Choose a file first."), "files")
    if len(uploads) > config.files_at_once:
        raise Invalid(
            _("At most %(files_at_once)s files at once, please.", files_at_once=config.files_at_once), "files"
        )
    made = []
    for upload in uploads:
        name = files.name_for_people(upload.name)
        try:
            stored = files.store(upload.stream, most=config.file_most_mb * 2**20, with_transaction=True)
        except files.TooLarge as error:
            raise Invalid(
                _(
                    "“%(name)s” is larger than %(file_most_mb)s MB, the most that a file may have.",
                    name=name,
                    file_most_mb=config.file_most_mb,
                )
            ) from error
        if stored.size == 0:
            raise Invalid(
                _("“%(name)s” is empty: it has 0 bytes. Look at the file, then choose it again.", name=name), "files"
            )
        made.append(
            Attachment(
                noun=noun.name,
                subject_id=subject.id,
                uploaded_by_id=by.id,
                name=name,
                size_bytes=stored.size,
                file=stored.name,
                internal=internal,
                **_looked_at(stored.name),
            )
        )
    _make_room(sum(attachment.size_bytes for attachment in made))
    _check_waiting(len(made), by)
    db.session.add_all(made)
    db.session.flush()
    return made


def attach(attachments: Sequence[Attachment], comment: Comment, *, by: Actor) -> None:
    """Let files that wait stand with a comment on the same noun. Raises NotAttached, and then attaches none."""
    attach_each([(comment, attachments)], by=by)


def attach_each(pairs: Sequence[tuple[Comment, Sequence[Attachment]]], *, by: Actor) -> None:
    """Let waiting files stand with comments: one statement to hold them, one to attach. Tells nobody.

    A file is never seen by more people than its comment is.
    """
    wanted = [attachment.id for _, attachments in pairs for attachment in attachments]
    if not wanted:
        return
    held = select(Attachment).where(Attachment.id.in_(wanted)).order_by(Attachment.id).with_for_update()
    waiting = {
        row.id: row
        for row in db.session.scalars(held, execution_options={"populate_existing": True})
        if row.is_waiting and row.uploaded_by_id == by.id
    }
    for comment, attachments in pairs:
        for attachment in attachments:
            row = waiting.pop(attachment.id, None)
            if row is None or (row.noun, row.subject_id) != (comment.noun, comment.subject_id):
                raise NotAttached("A file that you chose is not there any more. Take it out and choose it again.")
            row.comment_id, row.attached_at, row.internal = comment.id, now(), row.internal or comment.internal
    db.session.flush()


def attach_files(
    subject: Any, uploads: Sequence[Upload], *, by: Actor, comment: Comment | None = None, internal: bool = True
) -> list[Attachment]:
    """Take files in that stand with `subject` at once, or with a comment on it. Raises as `upload_files` does."""
    made = upload_files(subject, uploads, by=by, internal=internal)
    if comment is not None:
        attach_each([(comment, made)], by=by)
    else:
        for attachment in made:
            attachment.attached_at = now()
    tell(events.ATTACHED_TO_COMMENT if comment else events.ATTACHED, [(subject, made)], by=by)
    return made


def delete_attachments(attachments: Sequence[Attachment], subject: Any, *, by: Actor) -> None:
    """Take files of one noun back. Those that were attached can be restored for a month; waiting ones are gone."""
    _hold(attachments)
    for attachment in attachments:
        if attachment.is_waiting:
            _throw_away(attachment)
    standing = [one for one in attachments if not one.is_waiting and one.deleted_at is None]
    for attachment in standing:
        attachment.deleted_at, attachment.deleted_by_id = now(), by.id
    if standing:
        tell(events.DETACHED, [(subject, standing)], by=by)


def restore_attachments(attachments: Sequence[Attachment], subject: Any, *, by: Actor) -> None:
    """Let deleted files stand again."""
    _hold(attachments)
    back = [attachment for attachment in attachments if attachment.deleted_at is not None]
    for attachment in back:
        attachment.deleted_at = attachment.deleted_by_id = None
    if back:
        tell(events.REATTACHED, [(subject, back)], by=by)


def purge_attachments() -> None:
    """Throw away what nobody attached for a day, and what was deleted a month ago."""
    forgotten = Attachment.attached_at.is_(None) & (Attachment.created_at < now() - WAITS)
    over = or_(forgotten, Attachment.deleted_at < now() - KEPT)
    for attachment in db.session.scalars(select(Attachment).where(over).with_for_update(skip_locked=True)):
        _throw_away(attachment)
    db.session.flush()


def count_download(attachment: Attachment) -> None:
    """One more time that somebody took the file. Reading is no change: nothing is recorded."""
    db.session.execute(
        update(Attachment)
        .where(Attachment.id == attachment.id)
        .values(download_count=Attachment.download_count + 1)
        .execution_options(synchronize_session=False)
    )


def tell(event: Event, about: Sequence[tuple[Any, Sequence[Attachment]]], *, by: Actor) -> None:
    """As an activity of the nouns; its sentence names the files. Pages that show the nouns look again."""
    db.session.flush()
    named = [attachment.name for _, attachments in about for attachment in attachments]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    words = ", ".join(named[:_NAMED]) + more if more else " and ".join(", ".join(named).rsplit(", ", 1))
    ledger.record(event, [(subject, {}) for subject, _ in about], by=by, payload={"files": words})
    live.touch(*dict.fromkeys(topic for subject, _ in about for topic in noun_of(subject).topics(subject)))


def _looked_at(name: str) -> dict[str, Any]:
    """What a stored file is by its own bytes, and its preview when it is a picture that can be drawn."""
    with files.open_file(name) as file:
        kind = media.sniff(file)
        picture = media.draw_preview(file, kind) if kind in media.PICTURES else None
    if picture is None:
        return {"media_type": kind}
    preview = files.store_bytes(picture.data, with_transaction=True)
    return {
        "media_type": kind,
        "preview": preview.name,
        "preview_width": picture.width,
        "preview_height": picture.height,
    }


def _make_room(size: int) -> None:
    """Two uploads at once take turns here, or both would fit into the same room. Raises Invalid."""
    most = current_app.extensions["trestleboard"].files_quota_mb
    turn = func.pg_advisory_xact_lock(func.hashtextextended(f"attachments:{current_organization_id()}", 0))
    db.session.execute(select(turn))
    taken = db.session.scalar(select(func.coalesce(func.sum(Attachment.size_bytes), 0))) or 0
    if taken + size > most * 2**20:
        raise Invalid(
            _(
                "Your organization's files would take more than %(most)s MB, which is all"
                " they have. Delete some, or ask an administrator for more room.",
                most=format(most, ","),
            ),
            "files",
        )


def _check_waiting(more: int, by: Actor) -> None:
    """Raises Invalid. `_make_room` has let those who upload at once take turns."""
    waiting = select(func.count()).where(
        Attachment.uploaded_by_id == by.id, Attachment.attached_at.is_(None), Attachment.deleted_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) + more > WAITING_MOST:
        raise Invalid(
            _(
                "At most %(waiting_most)s files wait to be sent. Send or take out those that you chose.",
                waiting_most=WAITING_MOST,
            ),
            "files",
        )


def _hold(attachments: Sequence[Attachment]) -> None:
    """Read them anew and keep them until the transaction ends. Raises NotAttached for one that is gone."""
    ids = [attachment.id for attachment in attachments]
    held = select(Attachment).where(Attachment.id.in_(ids)).order_by(Attachment.id).with_for_update()
    if len(db.session.scalars(held, execution_options={"populate_existing": True}).all()) < len(set(ids)):
        raise NotAttached("This file has been thrown away since.")


def _throw_away(attachment: Attachment) -> None:
    files.delete_on_commit(attachment.file)
    if attachment.preview:
        files.delete_on_commit(attachment.preview)
    db.session.delete(attachment)
