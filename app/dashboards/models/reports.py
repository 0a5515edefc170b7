"""Reports: a dashboard mailed by schedule, each run of it, and what became of each person's copy."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.dashboards.models.dashboards import Dashboard
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.schedules import Schedule
from app.organizations.models import Member

#: People that one report goes to at most.
RECIPIENTS_MOST = 50


class Format(StrEnum):
    PDF = "pdf"  # the charts in the mail, and all of it attached as PDF
    MAIL = "mail"  # the mail alone


class Report(Tenanted, Model):
    """A dashboard that people get by mail. Spec: datapulse.reports."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        *belongs_to("dashboards", "dashboard_id", ondelete="CASCADE"),
        *belongs_to("members", "created_by_id"),
        Index("ix_reports_enabled", "organization_id", "enabled", postgresql_where=text("deleted_at IS NULL")),
    )
    __history__ = ("name", "schedule", "format", "enabled", "deleted_at")

    #: Counted within the organization; its address.
    number: Mapped[int]
    dashboard_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    #: As `kernel.schedules.Schedule.to_json` writes it.
    schedule: Mapped[dict[str, Any]]
    format: Mapped[Format] = mapped_column(default=Format.PDF)
    enabled: Mapped[bool] = mapped_column(default=True)
    created_by_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    #: Slots up to here are settled: run, or not to be run because it was paused.
    settled_at: Mapped[datetime] = mapped_column(default=now)
    last_sent_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    dashboard: Mapped[Dashboard] = relationship(foreign_keys="Report.dashboard_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="Report.created_by_id", lazy="raise")

    @property
    def times(self) -> Schedule:
        return Schedule.read(self.schedule)


class ReportRecipient(Tenanted, Model):
    """A member gets a report."""

    __tablename__ = "report_recipients"
    __table_args__ = (
        UniqueConstraint("organization_id", "report_id", "member_id"),
        *belongs_to("reports", "report_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    report_id: Mapped[int]
    member_id: Mapped[int]


class RunStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    LATE = "late"  # sent, but not when it was due
    FAILED = "failed"  # `error` says why
    SKIPPED = "skipped"  # there was nobody to send it to


class ReportRun(Tenanted, Model):
    """One run of a report: at a slot of its schedule, once; or because somebody asked for it."""

    __tablename__ = "report_runs"
    __table_args__ = (
        # By hand there is no slot, and NULLs are never equal.
        UniqueConstraint("organization_id", "report_id", "local_date", "slot"),
        *belongs_to("reports", "report_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "triggered_by_id"),
        Index("ix_report_runs_history", "organization_id", "report_id", text("id DESC")),
    )

    report_id: Mapped[int]
    local_date: Mapped[date]
    #: The local time it was due at, `08:00`; None when somebody asked for it.
    slot: Mapped[str | None] = mapped_column(String(5))
    due_at: Mapped[datetime]
    #: Slots before this one that nobody ran.
    missed: Mapped[int] = mapped_column(default=0)
    is_late: Mapped[bool] = mapped_column(default=False)
    status: Mapped[RunStatus] = mapped_column(default=RunStatus.QUEUED)
    triggered_by_id: Mapped[int | None]
    #: Starts of the job since a copy was last settled.
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    report: Mapped[Report] = relationship(foreign_keys="ReportRun.report_id", lazy="raise")
    triggered_by: Mapped[Member | None] = relationship(foreign_keys="ReportRun.triggered_by_id", lazy="raise")


class DeliveryStatus(StrEnum):
    POSTED = "posted"  # a mail is owed; `mail_id` says which
    SKIPPED = "skipped"  # `reason` says why
    FAILED = "failed"  # `reason` says why


class ReportDelivery(Tenanted, Model):
    """What became of one person's copy in one run: exactly one row each."""

    __tablename__ = "report_deliveries"
    __table_args__ = (
        UniqueConstraint("organization_id", "run_id", "member_id"),
        *belongs_to("report_runs", "run_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    run_id: Mapped[int]
    member_id: Mapped[int]
    status: Mapped[DeliveryStatus]
    reason: Mapped[str | None]
    #: The mail, by its number in the outbox, which forgets settled mail after a month.
    mail_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)

    member: Mapped[Member] = relationship(foreign_keys="ReportDelivery.member_id", lazy="raise")
