"""Questions: what is asked of a table, kept under a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.dashboards.models.sources import Source
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member


class Question(Tenanted, Model):
    """An ask under a name, and how its answer is drawn. Spec: datapulse.data_models, and the query of its widgets."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        *belongs_to("sources", "source_id"),
        *belongs_to("members", "created_by_id"),
        CheckConstraint("(source_id IS NULL) <> (dataset IS NULL)", name="one_table"),
        Index("ix_questions_list", "organization_id", "name", postgresql_where=text("deleted_at IS NULL")),
    )
    __history__ = ("name", "description", "ask", "chart", "deleted_at")

    #: Counted within the organization; its address.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(500), default="")
    #: As `asks.Ask.as_json` writes it. The table stands beside it, too, for keys and lists.
    ask: Mapped[dict[str, Any]]
    #: How the answer is drawn, as `drawing` checks it; `{}`: as a table.
    chart: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source_id: Mapped[int | None]
    dataset: Mapped[str | None] = mapped_column(String(40))
    created_by_id: Mapped[int]
    #: Counts edits; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    source: Mapped[Source | None] = relationship(foreign_keys="Question.source_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="Question.created_by_id", lazy="raise")
