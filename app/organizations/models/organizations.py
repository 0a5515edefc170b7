"""Tenants."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models.faces import initials

#: How long an organization that was deleted can be had back.
GRACE = timedelta(days=30)


class Plan(StrEnum):
    """What the operator of the instance provides. Only they change it."""

    FREE = "free"
    TEAM = "team"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"


class CompanySize(StrEnum):
    ONE = "1"
    FEW = "2-10"
    SOME = "11-50"
    MANY = "51-200"
    HUNDREDS = "201-1000"
    THOUSANDS = "1001+"


class Organization(Model):
    """A tenant: Kardon's Workspace, the help desk's and Databrewery's Organization, AI Workflow's plan-holding Team."""

    __tablename__ = "organizations"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'", name="slug_form"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
    )
    __history__ = (
        "name",
        "slug",
        "timezone",
        "currency",
        "plan",
        "company_size",
        "mail_domain",
        "contact",
        "logo",
        "cover",
        "two_factor_required",
        "sso_required",
        "deleted_at",
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    #: ISO 4217; what money is shown in.
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    plan: Mapped[Plan] = mapped_column(default=Plan.FREE, server_default="free")
    company_size: Mapped[CompanySize | None]
    #: The part behind the @ of colleagues' addresses; who has another is marked as from outside.
    mail_domain: Mapped[str | None] = mapped_column(String(253))
    #: How people from outside reach whoever is responsible.
    contact: Mapped[str] = mapped_column(String(300), default="", server_default="")
    #: Names of stored files: pictures that we drew.
    logo: Mapped[str | None] = mapped_column(String(32))
    cover: Mapped[str | None] = mapped_column(String(32))
    #: Colleagues come in only by browsers that have shown a second factor.
    two_factor_required: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Colleagues but owners come in only by a provider of the organization's own.
    sso_required: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Grows with every saved change of the settings: of two who edit at once the second is shown both.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def hue(self) -> int:
        """The colour of its square, 1 to 8."""
        return self.id % 8 + 1

    @property
    def purged_at(self) -> datetime | None:
        """When nothing of it will be left."""
        return self.deleted_at + GRACE if self.deleted_at else None


class ProjectDefaults(Tenanted, Model):
    """What new projects of an organization begin with. One row an organization, or none."""

    __tablename__ = "project_defaults"
    __table_args__ = (
        *belongs_to("members", "assignee_id", ondelete="SET NULL"),
        UniqueConstraint("organization_id"),
    )

    #: Who gets an issue that nobody is assigned to.
    assignee_id: Mapped[int | None]
    #: The name of the state that issues begin in; it is made where a project's states do not have it.
    state: Mapped[str | None] = mapped_column(String(60))
