"""Exports: files made of a labelling project, kept for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.annotation.models.imports import Format, Work
from app.annotation.models.labellings import Labelling
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member


class LabellingExport(Tenanted, Model):
    """One file made of a labelling project. Spec: databrewery.data_export_export."""

    __tablename__ = "labelling_exports"
    __table_args__ = (
        UniqueConstraint("organization_id", "labelling_id", "number"),
        *belongs_to("labellings", "labelling_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "created_by_id"),
    )

    labelling_id: Mapped[int]
    #: Counted within the labelling; part of its address.
    number: Mapped[int]
    created_by_id: Mapped[int]
    status: Mapped[Work] = mapped_column(default=Work.RUNNING)
    format: Mapped[Format]
    #: Leave out tasks that still want annotations.
    only_finished: Mapped[bool] = mapped_column(default=False)
    #: The stored file's random name; None until it is made, and once it was thrown away.
    file: Mapped[str | None] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(default=0)
    #: SHA-256 of the file.
    digest: Mapped[str] = mapped_column(String(64), default="")
    tasks: Mapped[int] = mapped_column(default=0)
    #: Starts of the job.
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    labelling: Mapped[Labelling] = relationship(foreign_keys="LabellingExport.labelling_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="LabellingExport.created_by_id", lazy="raise")

    @property
    def is_working(self) -> bool:
        return self.status is Work.RUNNING

    @property
    def filename(self) -> str:
        """What the downloaded file is called, before the project's key."""
        return {Format.CSV: "labels.csv", Format.JSON_MIN: "labels-min.json"}.get(self.format, "labels.json")
