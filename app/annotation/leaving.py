"""Tasks of the labelling stream that who goes has in their hands: they are free at once."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from app.annotation.models import TaskLock
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations import leaving
from app.organizations.models import Member


def set_up() -> None:
    leaving.holds(
        "tasks",
        lazy("Tasks being labelled"),
        count=_count,
        hand_over=_free,
        otherwise=lazy("others get them"),
    )


def _count(member: Member) -> int:
    held = select(func.count()).where(TaskLock.member_id == member.id, TaskLock.expires_at > now())
    return db.session.scalar(held) or 0


def _free(member: Member, to: Member | None, by: Actor) -> None:
    """Whoever labels next takes one; a successor is not asked, for the stream decides."""
    db.session.execute(delete(TaskLock).where(TaskLock.member_id == member.id, TaskLock.expires_at > now()))
