"""How the installation is: what it needs, whether that is there, and how it keeps up."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import current_app
from redis import RedisError
from rq import Worker
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import backfills
from app.kernel.clock import now
from app.kernel.jobs import queue, redis
from app.kernel.migrate import FOLDER
from app.kernel.timers import TICK_KEY
from app.kernel.words import gettext as _
from app.kernel.words import ngettext
from app.operating import queries
from app.operating.reading import reading

#: A part that keeps others waiting for longer than this, seconds.
LATE = 120
#: Free space below which the disk is a fault, and below which it should be seen to, bytes.
FULL, NEARLY_FULL = 500 * 2**20, 2 * 2**30


class State(StrEnum):
    WELL = "well"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True)
class Part:
    """One line of the overview. `endpoint` is the page that says more."""

    name: str
    state: State
    says: str
    endpoint: str | None = None


def overview() -> list[Part]:
    """Every part; one that cannot be asked says so, and the others are asked all the same."""
    parts = [_told(_("Database"), _database), _told(_("Queue"), _queue, "operating.list_jobs")]
    parts += [_told(_("Workers"), _workers, "operating.list_jobs"), _told(_("Scheduler"), _scheduler)]
    try:
        parts += _figures(queries.figures())
    except SQLAlchemyError:
        parts.append(Part(_("Work"), State.BAD, _("It cannot be counted.")))
    parts += [_told(_("Old rows"), _backfills, "operating.list_backfills"), _told(_("Disk"), _disk)]
    parts.append(Part(_("Mail server"), *_carrier()))
    return parts


def _told(name: str, ask: Callable[[], tuple[State, str]], endpoint: str | None = None) -> Part:
    try:
        return Part(name, *ask(), endpoint)
    except (SQLAlchemyError, RedisError, OSError) as error:
        return Part(name, State.BAD, _("It does not answer (%(error)s).", error=type(error).__name__), endpoint)


def _database() -> tuple[State, str]:
    with reading() as connection:
        version = connection.scalar(text("SHOW server_version"))
        size = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        there = connection.scalar(text("SELECT version_num FROM alembic_version"))
    known = ScriptDirectory(str(FOLDER)).get_current_head()
    said = _("PostgreSQL %(version)s, %(size)s MB, schema %(there)s", version=version, size=size >> 20, there=there)
    if there != known:
        return State.BAD, _("%(said)s; this code is made for %(known)s: migrate.", said=said, known=known)
    return State.WELL, said


def _queue() -> tuple[State, str]:
    known: Any = redis().info()
    count = queue().count
    said = ngettext("%(num)s job waits", "%(num)s jobs wait", count)
    version = known.get("valkey_version") or known.get("redis_version")
    return State.LOOK if count > 500 else State.WELL, _("%(said)s; Redis %(version)s", said=said, version=version)


def _workers() -> tuple[State, str]:
    found = Worker.all(queue=queue())
    busy = sum(worker.get_state() == "busy" for worker in found)
    if not found:
        return State.BAD, _("No worker is there: nothing is sent, filed or told.")
    return State.WELL, _("%(count)s, %(busy)s of them at work", count=len(found), busy=busy)


def _scheduler() -> tuple[State, str]:
    ticked: Any = redis().get(TICK_KEY)
    if ticked is None:
        return State.BAD, _("It has been silent for a minute or more: nothing that is due happens.")
    age = max(0.0, time.time() - float(ticked))
    return State.BAD if age > 15 else State.WELL, _("looked %(age)s s ago", age=round(age))


def _figures(found: Any) -> list[Part]:
    """Timers, outbox and mail: how many, and how long the oldest waits."""
    late = _age(found.next_timer_at)
    timers = State.BAD if found.timers_stopped else State.LOOK if late > LATE else State.WELL
    outbox = State.BAD if found.outbox_stopped else State.LOOK if _age(found.outbox_oldest_at) > LATE else State.WELL
    mails = State.LOOK if found.mails_failed or _age(found.mails_oldest_at) > 3600 else State.WELL
    return [
        Part(
            _("Timers"),
            timers,
            _("%(due)s due, %(stopped)s given up", due=found.timers_overdue, stopped=found.timers_stopped),
            "operating.list_timers",
        ),
        Part(
            _("Outbox"),
            outbox,
            _("%(owed)s not told yet, %(stopped)s given up", owed=found.outbox_owed, stopped=found.outbox_stopped),
            "operating.list_outbox",
        ),
        Part(
            _("Mail out"),
            mails,
            _("%(waiting)s wait, %(failed)s given up", waiting=found.mails_waiting, failed=found.mails_failed),
            "operating.list_mails",
        ),
        Part(
            _("Mail in"),
            State.LOOK if found.mails_unfiled else State.WELL,
            _(
                "%(received)s to be filed, %(unfiled)s could not be",
                received=found.mails_received,
                unfiled=found.mails_unfiled,
            ),
            "operating.list_incoming",
        ),
    ]


def _backfills() -> tuple[State, str]:
    known = [row for row in backfills.standing() if row.finished_at is None]
    if any(row.error for row in known):
        return State.BAD, _("A backfill fails.")
    if known:
        return State.LOOK, ngettext("%(num)s backfill is not done", "%(num)s backfills are not done", len(known))
    return State.WELL, _("all as new code wants them")


def _disk() -> tuple[State, str]:
    free = shutil.disk_usage(_instance()).free
    state = State.BAD if free < FULL else State.LOOK if free < NEARLY_FULL else State.WELL
    return state, _("%(free)s MB free", free=f"{free >> 20:,}")


def _carrier() -> tuple[State, str]:
    if current_app.extensions["trestleboard"].smtp_url:
        return State.WELL, _("SMTP")
    return State.LOOK, _("none: mail is written to the folder “mail” of the instance")


def _instance() -> Path:
    folder: Path = current_app.extensions["trestleboard"].instance
    return folder if os.path.isdir(folder) else folder.parent


def _age(at: datetime | None) -> float:
    return max(0.0, (now() - at).total_seconds()) if at else 0.0
