"""The database: one declarative base, the mixin of every tenant's table, and the roles we log in as.

Primary keys of tenants' tables are `(organization_id, id)` and foreign keys carry `organization_id`, because
PostgreSQL's foreign-key checks ignore row-level security. The policies themselves stand in `kernel.tenancy`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum as PyEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    Numeric,
    Text,
    make_url,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

#: The role of web and workers: owns nothing, bypasses nothing.
APP_ROLE = "trestle_app"
#: The role of the scheduler and the sweep: sees timers and undispatched activities of all tenants, nothing else.
SCHEDULER_ROLE = "trestle_scheduler"
#: The role behind the operator's console and the metrics: reads how all tenants' work goes, not what it is.
OPERATOR_ROLE = "trestle_operator"

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_TYPES: dict[Any, Any] = {
    int: BigInteger,
    str: Text,
    bool: Boolean,
    datetime: DateTime(timezone=True),
    date: Date,
    Decimal: Numeric(14, 2),
    dict[str, Any]: JSONB,
    list[str]: JSONB,
    list[int]: JSONB,
    # Text with a CHECK: a native enum's operators are not leakproof, so no index would be used under a policy.
    PyEnum: Enum(
        PyEnum,
        native_enum=False,
        length=40,
        create_constraint=True,
        values_callable=lambda kind: [m.value for m in kind],
    ),
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)
    registry = registry(type_annotation_map=_TYPES, metadata=metadata)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """The base of every model. At run time Flask-SQLAlchemy's, which knows the bind."""

        __abstract__ = True
else:
    Model = db.Model


def current_organization_id() -> int:
    """The organization this session is inside of. Raises LookupError outside of one."""
    found = db.session.info.get("organization_id")
    if found is None:
        raise LookupError("no organization: enter one with `with organization(id):`")
    return int(found)


class Tenanted:
    """A row that belongs to one organization: `organization_id`, `id`, and a row-level security policy."""

    organization_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("organizations.id", ondelete="CASCADE"),
        primary_key=True,
        default=current_organization_id,
        sort_order=-2,
    )
    #: `autoincrement` although the key has two columns: then a flush inserts many rows in one statement.
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, autoincrement=True, sort_order=-1)


def belongs_to(
    table: str, column: str, *, ondelete: str = "RESTRICT", index: bool = True
) -> tuple[ForeignKeyConstraint | Index, ...]:
    """A foreign key to another row of the same organization, with its index. Unpack into `__table_args__`.

    `ondelete` is RESTRICT, CASCADE or SET NULL (of the one column). Leave `index=False` only where a unique
    constraint or a primary key already begins with the two columns.
    """
    action = f"SET NULL ({column})" if ondelete == "SET NULL" else ondelete
    key = ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=action
    )
    return (key, Index(None, "organization_id", column)) if index else (key,)


def driver_url(text: str) -> URL:
    """A database URL with our driver. Raises ArgumentError if it is none."""
    url = make_url(text)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return url


def role_url(owner: str, role: str, *, embedded: bool) -> URL:
    """How a role reaches the owner's database.

    The embedded server trusts its own socket, so the role logs in itself. Elsewhere the owner's login takes the role
    on (`SET ROLE`); operators who want the stronger wall give the role its own login in APP_DATABASE_URL.
    """
    url = driver_url(owner)
    if embedded:
        return url.set(username=role, password=None)
    options = url.query.get("options", "")
    return url.update_query_dict({"options": f"{options} -c role={role}".strip()})
