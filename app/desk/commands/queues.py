"""Queues: made, edited, archived."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.adapters.mail import check_address
from app.desk import events
from app.desk.models import Queue
from app.kernel import ledger, live
from app.kernel.access import CLOCK, Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _
from app.mailboxes.commands import serve_address
from app.organizations.queries import lock_organization

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
#: The queue that an organization has before it makes one.
FIRST = "Support"


@dataclass(frozen=True)
class QueueDraft:
    """What a queue is to be like."""

    name: str
    slug: str = ""
    address: str | None = None
    hue: int = 6
    signature: str = ""
    acknowledges: bool = False
    is_public: bool = False
    is_default: bool = False


def create_queue(draft: QueueDraft, *, by: Actor) -> Queue:
    """The first one is the default. Raises Invalid for a name that makes no address or is taken."""
    lock_organization()
    queue = Queue()
    if not db.session.scalar(select(Queue.id).where(Queue.is_default, Queue.archived_at.is_(None))):
        draft = QueueDraft(**{**draft.__dict__, "is_default": True})
    _put(queue, draft)
    ledger.record_created(events.QUEUE_CREATED, [queue], by=by)
    serve_address("queue", queue.id, queue.address, by=by)
    live.touch("tickets")
    return queue


def edit_queue(queue: Queue, draft: QueueDraft, *, by: Actor) -> None:
    """Raises Invalid as `create_queue`, and Refused when no queue would be the default any more."""
    lock_organization()
    if queue.is_default and not draft.is_default:
        raise Refused(_("Tickets that name no queue need one. Make another queue the default instead."))
    with ledger.change(queue, event=events.QUEUE_EDITED, by=by):
        _put(queue, draft)
    serve_address("queue", queue.id, queue.address, by=by)
    live.touch("tickets")


def archive_queue(queue: Queue, *, by: Actor) -> None:
    """No new tickets come in; those it has stay. Raises Refused for the default one."""
    lock_organization()
    db.session.refresh(queue)
    if queue.is_default:
        raise Refused(_("Tickets that name no queue come here. Make another queue the default first."))
    with ledger.change(queue, event=events.QUEUE_ARCHIVED, by=by):
        queue.archived_at = queue.archived_at or now()
    live.touch("tickets")


def restore_queue(queue: Queue, *, by: Actor) -> None:
    """Let it take tickets again."""
    with ledger.change(queue, event=events.QUEUE_RESTORED, by=by):
        queue.archived_at = None
    live.touch("tickets")


def default_queue() -> Queue:
    """Where tickets go that name no queue; an organization without any gets its first one."""
    found = db.session.scalar(_DEFAULT)
    if found is None:
        lock_organization()
        found = db.session.scalar(_DEFAULT) or create_queue(QueueDraft(FIRST, is_default=True), by=CLOCK)
    return found


_DEFAULT = select(Queue).where(Queue.is_default, Queue.archived_at.is_(None))


def slug_of(name: str) -> str:
    """A name for addresses, made of a name for people."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:39]


def _put(queue: Queue, draft: QueueDraft) -> None:
    slug = draft.slug or slug_of(draft.name)
    if not draft.name.strip():
        raise Invalid(_("A queue needs a name."), "name")
    if not _SLUG.fullmatch(slug):
        raise Invalid(_("Give it an address of small letters, digits and dashes."), "slug")
    address = _address(draft.address)
    try:
        with db.session.begin_nested():
            if draft.is_default and not queue.is_default:
                db.session.execute(
                    update(Queue).where(Queue.is_default).values(is_default=False),
                    execution_options={"synchronize_session": "evaluate"},
                )
            queue.name, queue.slug, queue.address, queue.hue = draft.name, slug, address, draft.hue
            queue.signature, queue.acknowledges = draft.signature, draft.acknowledges
            queue.is_default, queue.is_public = draft.is_default, draft.is_public
            db.session.add(queue)
    except IntegrityError as error:
        raise Invalid(_("There is already a queue at %(slug)s.", slug=slug), "slug") from error


def _address(text: str | None) -> str | None:
    if not (text or "").strip():
        return None
    try:
        return check_address(str(text).strip().lower())
    except ValueError:
        raise Invalid(_("This is not a mail address."), "address") from None
