"""100,000 texts out of a JSON lines file into tasks, by the job itself, against bare COPY of the same rows.

COPY is the owner's, into the same table with all its indexes, past every policy: the least that the rows can cost. The
job runs in this process, slice after slice; its memory is read after the first quarter and at the end.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator

import sqlalchemy as sa

from app.annotation.commands.imports import start_import
from app.annotation.commands.labellings import create_labelling
from app.annotation.config.templates import SENTIMENT
from app.annotation.jobs import work_on_task_import
from app.annotation.models import Task, TaskImport
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from bench.figures import Figure
from bench.ground import Ground
from bench.processes import memory

ROWS = 100_000


def measure(ground: Ground) -> Iterator[Figure]:
    with ground.app.app_context():
        enter(ground.stock.organization_id)
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        ours = create_labelling(create_project("Texts", "TEXTS", by=owner), SENTIMENT.xml, by=owner)
        theirs = create_labelling(create_project("Copied", "COPIED", by=owner), SENTIMENT.xml, by=owner)
        record = start_import(ours, io.BytesIO(_file().encode()), "texts.jsonl", by=owner)
        number, labelling, copied = record.id, ours.id, theirs.id
        db.session.commit()
        before = memory([os.getpid()])[1]
        began = time.perf_counter()
        while db.session.get_one(TaskImport, (ground.stock.organization_id, number)).is_working:
            work_on_task_import(number)
            db.session.commit()
            db.session.expunge_all()
        importing = time.perf_counter() - began
        after = memory([os.getpid()])[1]
        assert db.session.scalar(sa.select(sa.func.count()).where(Task.labelling_id == labelling)) == ROWS
        db.session.remove()
        copying = _copy(ground, labelling, copied)
    yield Figure(f"import of {ROWS:,} tasks ÷ bare COPY of them", importing / copying, "×", 3.0)
    yield Figure("  rows a second", ROWS / importing, "")
    yield Figure("  memory after ÷ before", after / before, "×", 1.3)


def _copy(ground: Ground, labelling: int, target: int) -> float:
    """Seconds that COPY takes for the rows of one labelling, put into another."""
    columns = [column.name for column in Task.__table__.columns if column.name != "id"]
    chosen = ", ".join(str(target) if name == "labelling_id" else name for name in columns)
    out = io.BytesIO()
    with ground.owner.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY (SELECT {chosen} FROM tasks WHERE labelling_id = {labelling}) TO STDOUT") as copy:
            for piece in copy:
                out.write(piece)
    began = time.perf_counter()
    with ground.owner.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY tasks ({', '.join(columns)}) FROM STDIN") as copy:
            copy.write(out.getvalue())
    return time.perf_counter() - began


def _file() -> str:
    said = "was late, and nobody told us why. We waited for two hours, then we went home. Please write to us."
    return "\n".join(json.dumps({"text": f"Parcel {row} {said}", "row": row}) for row in range(ROWS))
