"""Dashboards: drawn answers side by side on a grid of twelve columns, and whom they are shared with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.dashboards.models.questions import Question
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member

#: Columns of the grid.
COLUMNS = 12
#: Rows that a dashboard may be long, and widgets that it may hold.
ROWS_MOST = 500
WIDGETS_MOST = 40
#: How high a widget may be, in rows.
HEIGHT_MOST = 20


class Sharing(StrEnum):
    PRIVATE = "private"  # its owner, and those it is shared with
    ORGANIZATION = "organization"  # everybody who reads dashboards


class Permission(StrEnum):
    """What somebody may do with a dashboard that is shared with them."""

    VIEW = "view"
    EDIT = "edit"


class Dashboard(Tenanted, Model):
    """Widgets on a grid. Spec: datapulse.dashboards."""

    __tablename__ = "dashboards"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        *belongs_to("members", "owner_id"),
        Index("ix_dashboards_list", "organization_id", "name", postgresql_where=text("deleted_at IS NULL")),
        Index("ix_dashboards_recent", "organization_id", "created_at"),
    )
    __history__ = ("name", "description", "sharing", "owner_id", "deleted_at")

    #: Counted within the organization; its address.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(500), default="")
    sharing: Mapped[Sharing] = mapped_column(default=Sharing.ORGANIZATION)
    owner_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    owner: Mapped[Member] = relationship(foreign_keys="Dashboard.owner_id", lazy="raise")
    shares: Mapped[list[DashboardShare]] = relationship(
        lazy="raise",
        order_by="DashboardShare.id",
        primaryjoin=(
            "and_(foreign(DashboardShare.organization_id) == Dashboard.organization_id,"
            " foreign(DashboardShare.dashboard_id) == Dashboard.id)"
        ),
        viewonly=True,
    )

    def permission_of(self, member: Member) -> Permission | None:
        """What it is shared with a member for. Needs `shares` loaded."""
        return next((share.permission for share in self.shares if share.member_id == member.id), None)


class DashboardShare(Tenanted, Model):
    """A dashboard is open to a member. Spec: datapulse.dashboard_shares."""

    __tablename__ = "dashboard_shares"
    __table_args__ = (
        UniqueConstraint("organization_id", "dashboard_id", "member_id"),
        *belongs_to("dashboards", "dashboard_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
        *belongs_to("members", "shared_by_id"),
    )

    dashboard_id: Mapped[int]
    member_id: Mapped[int]
    permission: Mapped[Permission] = mapped_column(default=Permission.VIEW)
    shared_by_id: Mapped[int]
    shared_at: Mapped[datetime] = mapped_column(default=now)

    member: Mapped[Member] = relationship(foreign_keys="DashboardShare.member_id", lazy="raise")


class Widget(Tenanted, Model):
    """One question's answer on a dashboard: how it is drawn, and where it stands. Spec: datapulse.widgets."""

    __tablename__ = "widgets"
    __table_args__ = (
        *belongs_to("dashboards", "dashboard_id", ondelete="CASCADE"),
        *belongs_to("questions", "question_id"),
        CheckConstraint(f"x >= 0 AND w >= 1 AND x + w <= {COLUMNS}", name="across"),
        CheckConstraint(f"y >= 0 AND h >= 1 AND y + h <= {ROWS_MOST}", name="down"),
    )

    dashboard_id: Mapped[int]
    question_id: Mapped[int]
    #: Empty: the question's name.
    title: Mapped[str] = mapped_column(String(120), default="")
    #: How it is drawn, as `charts.Chart.as_json` writes it.
    chart: Mapped[dict[str, Any]] = mapped_column(default=dict)
    x: Mapped[int] = mapped_column(SmallInteger)
    y: Mapped[int] = mapped_column(SmallInteger)
    w: Mapped[int] = mapped_column(SmallInteger)
    h: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    #: Taken off; undo brings it back.
    deleted_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(foreign_keys="Widget.question_id", lazy="raise")

    @property
    def name(self) -> str:
        """Needs `question` loaded."""
        return self.title or self.question.name
