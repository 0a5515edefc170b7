"""Following nouns, and what one does with what one was told. All of it is a person's own state, so none is history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert

from app.inbox.models import Notification, Watcher
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.events import noun_of
from app.kernel.live import touch
from app.kernel.timers import wake_each
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: How far ahead something can be put off.
MOST_AHEAD = timedelta(days=731)


def watch(nouns: Sequence[Any], members: Sequence[Any]) -> None:
    """Have members hear of these nouns (of one kind), also where they had muted them. One statement."""
    _watch(nouns, members, muted=False)


def mute(nouns: Sequence[Any], members: Sequence[Any]) -> None:
    """Have members hear nothing of these nouns any more, not even of being assigned or mentioned."""
    _watch(nouns, members, muted=True)


def unwatch(nouns: Sequence[Any], members: Sequence[Any]) -> None:
    """Have members hear of these nouns only when they are assigned or mentioned, which has them watch again."""
    if nouns and members:
        db.session.execute(
            delete(Watcher)
            .where(
                Watcher.organization_id == current_organization_id(),
                Watcher.noun == noun_of(nouns[0]).name,
                Watcher.subject_id.in_([row.id for row in nouns]),
                Watcher.member_id.in_([member.id for member in members]),
            )
            .execution_options(synchronize_session=False)
        )


def follow(noun: str, pairs: Collection[tuple[int, int]]) -> None:
    """Have (member, noun's id) watch because they take part; what they have muted stays muted."""
    if pairs:
        db.session.execute(insert(Watcher).values(_rows(noun, pairs, muted=False)).on_conflict_do_nothing())


def _watch(nouns: Sequence[Any], members: Sequence[Any], *, muted: bool) -> None:
    if not nouns or not members:
        return
    pairs = [(member.id, row.id) for member in members for row in nouns]
    db.session.execute(
        insert(Watcher)
        .values(_rows(noun_of(nouns[0]).name, pairs, muted=muted))
        .on_conflict_do_update(
            index_elements=["organization_id", "noun", "subject_id", "member_id"], set_={"muted": muted}
        )
    )


def _rows(noun: str, pairs: Collection[tuple[int, int]], *, muted: bool) -> list[dict[str, Any]]:
    found, at = current_organization_id(), now()
    return [
        {
            "organization_id": found,
            "noun": noun,
            "subject_id": subject_id,
            "member_id": member_id,
            "muted": muted,
            "created_at": at,
        }
        for member_id, subject_id in pairs
    ]


def mark_read(notifications: Sequence[Notification], *, read: bool = True, by: Member) -> list[int]:
    """Mark one's own notifications as read, or as unread again; the ids of those that were not. One statement."""
    was = Notification.read_at.is_(None) if read else Notification.read_at.is_not(None)
    return _put(by, _these(notifications), was, read_at=now() if read else None)


def mark_all_read(*, by: Member) -> list[int]:
    """Mark everything that waits in a member's inbox; which that was. One statement."""
    return _put(by, *_WAITING, read_at=now())


def mark_read_about(row: Any, *, by: Member) -> None:
    """A member has opened a noun, so what they were told of it alone is read. One statement."""
    about = (Notification.noun == noun_of(row).name, Notification.subject_id == row.id, Notification.count == 1)
    _put(by, *about, *_WAITING, read_at=now())


def archive(notifications: Sequence[Notification], *, by: Member) -> list[int]:
    """Put one's own notifications away, and those about to come back too; which that were. One statement.

    What happens to the same noun later lies in the inbox again, as a notification of its own.
    """
    there = Notification.archived_at.is_(None)
    return _put(by, _these(notifications), there, archived_at=now(), snoozed_until=None)


def snooze(notifications: Sequence[Notification], until: datetime, *, by: Member) -> list[int]:
    """Put one's own notifications off: they come back then, unread. Which that were. Two statements.

    Raises Invalid for a moment that has passed or lies more than two years ahead.
    """
    if not now() < until < now() + MOST_AHEAD:
        raise Invalid(_("Choose a day that is still to come, within two years."), "until")
    put_off = _put(by, _these(notifications), snoozed_until=until, archived_at=None)
    wake_each("return_snoozed", put_off, at=until)
    return put_off


def move_to_inbox(notifications: Sequence[Notification], *, by: Member) -> list[int]:
    """Take back that they were put away or off. One statement."""
    elsewhere = Notification.archived_at.is_not(None) | Notification.snoozed_until.is_not(None)
    return _put(by, _these(notifications), elsewhere, archived_at=None, snoozed_until=None)


def end_snooze(notification: Notification) -> None:
    """What was put off lies on top of the inbox again, unread, and is told of as if it were new."""
    notification.snoozed_until = notification.read_at = notification.mailed_at = notification.nudged_at = None
    notification.arrived_at = now()
    touch(f"inbox-{notification.member_id}")


#: What the badge counts.
_WAITING = (
    Notification.read_at.is_(None),
    Notification.archived_at.is_(None),
    Notification.snoozed_until.is_(None),
)


def _these(notifications: Sequence[Notification]) -> ColumnElement[bool]:
    return Notification.id.in_([notification.id for notification in notifications])


def _put(by: Member, *matching: ColumnElement[bool], **values: Any) -> list[int]:
    own = (Notification.organization_id == current_organization_id(), Notification.member_id == by.id)
    changed = db.session.scalars(
        update(Notification)
        .where(*own, *matching)
        .values(**values)
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    ).all()
    if changed:
        touch(f"inbox-{by.id}")
    return sorted(changed)
