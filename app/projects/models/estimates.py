"""How large the issues of a project are said to be."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.words import lazy


class EstimateKind(StrEnum):
    POINTS = "points"
    CATEGORIES = "categories"
    #: In hours.
    TIME = "time"

    @property
    def label(self) -> object:
        return _KINDS[self]

    @property
    def adds_up(self) -> bool:
        return self is not EstimateKind.CATEGORIES


_KINDS = {
    EstimateKind.POINTS: lazy("Points"),
    EstimateKind.CATEGORIES: lazy("Categories"),
    EstimateKind.TIME: lazy("Hours"),
}


class Estimate(Tenanted, Model):
    """A scale that issues of a project are estimated on. Former ones stay, so that histories can be read.

    Spec: kardon.Estimate.
    """

    __tablename__ = "estimates"
    __table_args__ = (
        *belongs_to("projects", "project_id", ondelete="CASCADE"),
        Index("uq_estimates_used", "organization_id", "project_id", unique=True, postgresql_where=text("is_used")),
    )

    project_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[EstimateKind]
    #: What the project estimates on now; one at most.
    is_used: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class EstimatePoint(Tenanted, Model):
    """One step of a scale. Spec: kardon.EstimatePoint."""

    __tablename__ = "estimate_points"
    __table_args__ = (
        UniqueConstraint("organization_id", "estimate_id", "value"),
        *belongs_to("estimates", "estimate_id", ondelete="CASCADE", index=False),
    )

    estimate_id: Mapped[int]
    #: Its place on the scale, from 1 for the smallest.
    key: Mapped[int]
    #: As it is shown: 3, XL, 2.5.
    value: Mapped[str] = mapped_column(String(20))
    #: What it adds to a sum; None on a scale of categories.
    amount: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
