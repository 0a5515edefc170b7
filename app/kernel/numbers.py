"""Readable numbers (`WEB-12`, `#1042`): counted by a row, so gapless by commit and never given twice."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from app.kernel.database import Model, Tenanted, current_organization_id, db


class Counter(Tenanted, Model):
    """The last number given in one series of an organization."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("organization_id", "series"),)

    series: Mapped[str]
    last: Mapped[int]


def next_numbers(series: str, count: int = 1) -> range:
    """The next `count` numbers of a series. Holds the counter's row until the transaction ends. One statement."""
    counted = (
        insert(Counter)
        .values(organization_id=current_organization_id(), series=series, last=count)
        .on_conflict_do_update(index_elements=["organization_id", "series"], set_={"last": Counter.last + count})
        .returning(Counter.last)
    )
    last = db.session.execute(counted).scalar_one()
    return range(last - count + 1, last + 1)
