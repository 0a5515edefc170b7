"""Alembic's environment: migrations run as the owner, one transaction each, over the connection we are given."""

import sqlalchemy as sa
from alembic import context

from app.factory import rooms
from app.kernel.database import db, driver_url
from app.kernel.migrate import add_walls

rooms()  # every model known, so that autogenerate compares them all


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transaction_per_migration=True,
        compare_type=True,
        process_revision_directives=add_walls,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with sa.create_engine(driver_url(context.config.get_main_option("sqlalchemy.url"))).connect() as opened:
        run(opened)
        opened.commit()
