"""The schema that migrations make is the one the models mean."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.factory import rooms
from app.kernel.database import db


def test_models_and_migrations_agree(owner: sa.Engine) -> None:
    rooms()
    with owner.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)
    assert [d for d in differences if "alembic_version" not in str(d)] == []
