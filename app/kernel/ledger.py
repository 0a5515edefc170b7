"""The ledger: one activity for every command, one change for every noun it touched. It is history, audit and outbox.

`with change(*nouns, event=…, by=…)` is how every command runs. Activities are append-only; those with
`dispatched_at IS NULL` are still owed to the consumers in `kernel.outbox`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to, current_organization_id, db
from app.kernel.events import Event, noun_of


@dataclass(frozen=True)
class Origin:
    """Where a change came from: filled in by `web` for a request, by jobs for a job."""

    request_id: str | None = None
    ip: str | None = None
    agent: str | None = None


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


class Activity(Tenanted, Model):
    """What one command did: who, what, to what, when and from where. Never updated but for its dispatch."""

    __tablename__ = "activities"
    __table_args__ = (
        *belongs_to("members", "actor_id"),
        *belongs_to("members", "on_behalf_of_id"),
        Index("ix_activities_stream", "organization_id", "noun", "subject_id", text("id DESC")),
        Index("ix_activities_at", "organization_id", text("at DESC"), text("id DESC")),
        Index("ix_activities_owed", "organization_id", "id", postgresql_where=text("dispatched_at IS NULL")),
    )

    actor_id: Mapped[int | None]
    on_behalf_of_id: Mapped[int | None]
    verb: Mapped[str]
    noun: Mapped[str]
    #: The first noun touched; `count` says how many there were.
    subject_id: Mapped[int]
    count: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str | None]
    ip: Mapped[str | None]
    agent: Mapped[str | None]
    import_id: Mapped[int | None]
    dispatched_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    #: Which consumer failed last, and how; None once all have done their work.
    error: Mapped[str | None]


class Change(Tenanted, Model):
    """What one command changed on one noun: `{field: [old, new]}`. Long text stands here by version, never copied."""

    __tablename__ = "changes"
    __table_args__ = (
        *belongs_to("activities", "activity_id", ondelete="CASCADE"),
        Index("ix_changes_noun", "organization_id", "noun", "subject_id", text("id DESC")),
    )

    activity_id: Mapped[int]
    noun: Mapped[str]
    subject_id: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)


@contextmanager
def change(*nouns: Any, event: Event, by: Actor, always: bool = False, **payload: Any) -> Iterator[None]:
    """Run the block, then record one activity and one change for each noun that differs.

    Nouns made in the block are given to `record_created` instead. `always` records even when no field differs
    (a deletion's event says all). Nothing is recorded when nothing changed.
    """
    before = [snapshot(noun) for noun in nouns]  # autoflush empties SQLAlchemy's own history
    yield
    db.session.flush()
    differing = [
        (noun, diff)
        for noun, old in zip(nouns, before, strict=True)
        if (diff := compare(old, snapshot(noun))) or always
    ]
    if differing:
        record(event, differing, by=by, payload=payload)


def record(
    event: Event,
    touched: Sequence[tuple[Any, dict[str, Any]]],
    *,
    by: Actor,
    payload: dict[str, Any] | None = None,
    import_id: int | None = None,
) -> Activity:
    """Write the activity and its changes: two statements, however many nouns were touched.

    The live topic `any-<noun>` moves, for what depends on all of a kind. With `import_id` it is a part of an import:
    history, and told only to consumers that ask for parts; the others hear of the import itself, once.
    """
    first = touched[0][0]
    noun = noun_of(first).name
    here = origin.get()
    activity = Activity(
        organization_id=current_organization_id(),
        actor_id=by.id,
        verb=event.name,
        noun=noun,
        subject_id=first.id,
        count=len(touched),
        payload=payload or {},
        request_id=here.request_id,
        ip=here.ip,
        agent=here.agent,
        import_id=import_id,
    )
    db.session.add(activity)
    db.session.flush()
    db.session.execute(
        insert(Change),
        [
            {
                "organization_id": activity.organization_id,
                "activity_id": activity.id,
                "noun": noun,
                "subject_id": row.id,
                "fields": diff,
            }
            for row, diff in touched
        ],
    )
    live.touch(f"any-{noun}")
    db.session.info.setdefault("recorded", {}).setdefault(activity.organization_id, activity.id)
    return activity


def record_created(
    event: Event, nouns: Sequence[Any], *, by: Actor, import_id: int | None = None, **payload: Any
) -> Activity:
    """Record nouns that did not exist before; their first values are their history's beginning."""
    db.session.flush()
    return record(event, [(noun, {}) for noun in nouns], by=by, payload=payload, import_id=import_id)


def snapshot(noun: Any) -> dict[str, Any]:
    """The declared fields (`__history__`) of a noun, as JSON would hold them."""
    return {name: _plain(getattr(noun, name)) for name in noun.__history__}


def compare(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """`{field: [old, new]}` of what differs."""
    return {name: [old[name], value] for name, value in new.items() if old[name] != value}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value
