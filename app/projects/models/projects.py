"""Bodies of planned work."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.words import lazy
from app.organizations.models import Member
from app.projects.models.estimates import EstimateKind


class ProjectStatus(StrEnum):
    """Whether a project is worked on."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    #: Read only, and out of sidebars and pickers.
    ARCHIVED = "archived"

    @property
    def label(self) -> object:
        return _STATUSES[self]


_STATUSES = {
    ProjectStatus.ACTIVE: lazy("Active"),
    ProjectStatus.ON_HOLD: lazy("On hold"),
    ProjectStatus.COMPLETED: lazy("Completed"),
    ProjectStatus.ARCHIVED: lazy("Archived"),
}


class Feature(StrEnum):
    """What a project can do without."""

    PAGES = "pages"
    LABELLING = "labelling"
    TYPES = "types"
    ESTIMATES = "estimates"

    @property
    def label(self) -> object:
        return _FEATURES[self]


_FEATURES = {
    Feature.PAGES: lazy("Pages"),
    Feature.LABELLING: lazy("Labelling"),
    Feature.TYPES: lazy("Types of issues"),
    Feature.ESTIMATES: lazy("Estimates"),
}


class Project(Tenanted, Model):
    """A body of planned work with its own states, labels and members. Spec: kardon.Project."""

    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("organization_id", "identifier"),
        CheckConstraint("identifier ~ '^[A-Z][A-Z0-9]{0,9}$'", name="identifier_form"),
        CheckConstraint("start_date <= due_date", name="dates"),
        *belongs_to("project_groups", "group_id", ondelete="SET NULL"),
        *belongs_to("project_templates", "template_id", ondelete="SET NULL"),
        *belongs_to("members", "lead_id"),
        *belongs_to("members", "default_assignee_id", ondelete="SET NULL"),
        *belongs_to("workspaces", "workspace_id", ondelete="SET NULL"),
    )
    __history__ = (
        "name",
        "identifier",
        "description",
        "emoji",
        "lead_id",
        "default_assignee_id",
        "status",
        "start_date",
        "due_date",
        "features_off",
        "group_id",
        "deleted_at",
    )

    name: Mapped[str] = mapped_column(String(80))
    #: The first part of its issues' keys: WEB in WEB-12.
    identifier: Mapped[str] = mapped_column(String(10))
    description: Mapped[str] = mapped_column(String(2000), default="")
    emoji: Mapped[str | None] = mapped_column(String(16))
    lead_id: Mapped[int | None]
    default_assignee_id: Mapped[int | None]
    status: Mapped[ProjectStatus] = mapped_column(default=ProjectStatus.ACTIVE)
    start_date: Mapped[date | None]
    due_date: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    #: Names of `Feature`; what is not named is on.
    features_off: Mapped[list[str]] = mapped_column(default=list)
    #: What its issues are estimated in, as the estimate in use says.
    estimated_in: Mapped[EstimateKind | None]
    group_id: Mapped[int | None]
    #: What it was made from.
    template_id: Mapped[int | None]
    #: Counts changes of the settings; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1)
    #: The shelf it stands on.
    workspace_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    lead: Mapped[Member | None] = relationship(foreign_keys="Project.lead_id", lazy="raise")

    @validates("features_off")
    def _known_features(self, _: str, names: list[str]) -> list[str]:
        """Raises ValueError for what is no feature."""
        return sorted({Feature(name).value for name in names})

    def has(self, feature: str) -> bool:
        """Whether it does not go without this (`Feature`)."""
        return str(feature) not in self.features_off

    @property
    def is_archived(self) -> bool:
        return self.status is ProjectStatus.ARCHIVED
