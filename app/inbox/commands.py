"""Following nouns, and reading what one was told. All of it is a person's own state, so none of it is history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert

from app.inbox.models import Notification, Watcher
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.events import noun_of
from app.kernel.live import touch
from app.organizations.models import Member


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


def mark_read(notifications: Sequence[Notification], *, read: bool = True, by: Member) -> None:
    """Mark one's own notifications as read, or as unread again."""
    mine = [notification for notification in notifications if notification.member_id == by.id]
    for notification in mine:
        notification.read_at = (notification.read_at or now()) if read else None
    if mine:
        touch(f"inbox-{by.id}")


def mark_all_read(*, by: Member) -> int:
    """Mark everything that a member has not read; how many that were. One statement."""
    return _mark_read(by)


def mark_read_about(row: Any, *, by: Member) -> int:
    """A member has opened a noun, so what they were told of it alone is read. One statement."""
    return _mark_read(
        by, Notification.noun == noun_of(row).name, Notification.subject_id == row.id, Notification.count == 1
    )


def _mark_read(by: Member, *matching: ColumnElement[bool]) -> int:
    unread = (
        Notification.organization_id == current_organization_id(),
        Notification.member_id == by.id,
        Notification.read_at.is_(None),
        *matching,
    )
    marked = db.session.execute(
        update(Notification)
        .where(*unread)
        .values(read_at=now())
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    ).all()
    if marked:
        touch(f"inbox-{by.id}")
    return len(marked)
