"""The next task at 100,000 tasks beside the same at 1,000, and an export of the 100,000 whose process does not grow.

Half of each labelling's tasks are done by somebody else, as in the middle of a project. The next task is taken by the
stream's own command, in a transaction that is rolled back, so that every turn finds the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.annotation.commands.exports import start_export
from app.annotation.commands.labellings import create_labelling
from app.annotation.commands.stream import take_next
from app.annotation.config.templates import SENTIMENT
from app.annotation.jobs import work_on_export
from app.annotation.models import Format, Labelling
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from bench.figures import Figure, in_turns
from bench.ground import Ground
from bench.processes import memory

FEW, MANY = 1_000, 100_000
_FILL = """
    INSERT INTO tasks (organization_id, labelling_id, number, data, digest, overlap, is_labeled, total_annotations,
                       cancelled_annotations, created_at, updated_at, meta, shuffle)
    SELECT :organization, :labelling, n, jsonb_build_object('text', 'Parcel ' || n || ' was late again'),
           md5(:labelling || '-' || n), 1, n <= :count / 2, (n <= :count / 2)::int, 0, now(), now(), '{}',
           n * 7919 % 100003
      FROM generate_series(1, :count) AS n
"""


def measure(ground: Ground) -> Iterator[Figure]:
    with ground.app.app_context():
        enter(ground.stock.organization_id)
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        ids = {}
        for count in (FEW, MANY):
            project = create_project(f"{count} texts", f"T{count}", by=owner)
            ids[count] = create_labelling(project, SENTIMENT.xml, by=owner).id
        db.session.commit()
        with ground.owner.begin() as connection:
            for count, labelling in ids.items():
                given = {"organization": ground.stock.organization_id, "labelling": labelling, "count": count}
                connection.execute(sa.text(_FILL), given)
        with ground.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE tasks")

        def next_of(count: int) -> Callable[[], object]:
            def take() -> None:
                labelling = db.session.get_one(Labelling, (ground.stock.organization_id, ids[count]))
                handed = take_next(labelling, by=owner)
                assert handed is not None
                assert handed.task.number == count // 2 + 1
                db.session.rollback()

            return take

        times = in_turns({"few": next_of(FEW), "many": next_of(MANY)}, rounds=30, warm=3)
        yield Figure(f"next task of {MANY:,} ÷ of {FEW:,}", times["many"] / times["few"], "×", 1.3)
        yield Figure("  next task", times["many"], "ms")

        sizes = []
        for count in (FEW, MANY):
            labelling = db.session.get_one(Labelling, (ground.stock.organization_id, ids[count]))
            record = start_export(labelling, Format.JSON, by=owner)
            db.session.commit()
            work_on_export(record.id)
            db.session.commit()
            db.session.expunge_all()
            sizes.append(memory([os.getpid()])[1])
        db.session.remove()
    yield Figure(f"export of {MANY:,} tasks: memory after ÷ after {FEW:,}", sizes[1] / sizes[0], "×", 1.1)
