"""Issues: planned work."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.documents.models import Document
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member
from app.projects.models import EstimatePoint, IssueType, Label, Project, State, StateGroup


class Priority(IntEnum):
    """Stored as a number, so that it sorts."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4

    @property
    def label(self) -> str:
        return "No priority" if self is Priority.NONE else self.name.capitalize()


class IssueAssignee(Tenanted, Model):
    """A member works on an issue."""

    __tablename__ = "issue_assignees"
    __table_args__ = (
        UniqueConstraint("organization_id", "issue_id", "member_id"),
        *belongs_to("issues", "issue_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id"),
    )

    issue_id: Mapped[int]
    member_id: Mapped[int]


class IssueLabel(Tenanted, Model):
    """An issue bears a label. A join table: arrays are not leakproof, so no index would serve them under a policy."""

    __tablename__ = "issue_labels"
    __table_args__ = (
        UniqueConstraint("organization_id", "issue_id", "label_id"),
        *belongs_to("issues", "issue_id", ondelete="CASCADE", index=False),
        *belongs_to("labels", "label_id", ondelete="CASCADE"),
    )

    issue_id: Mapped[int]
    label_id: Mapped[int]


class IssueValue(Tenanted, Model):
    """What an issue says of a property of its kind, in the column of the property's kind; of several choices one a row.

    Values of a kind that the issue is no more of are kept, and shown again when it is.
    """

    __tablename__ = "issue_values"
    __table_args__ = (
        Index(
            "uq_issue_values_one",
            "organization_id",
            "issue_id",
            "property_id",
            "option_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        *belongs_to("issues", "issue_id", ondelete="CASCADE", index=False),
        *belongs_to("issue_properties", "property_id", ondelete="CASCADE"),
        *belongs_to("property_options", "option_id", ondelete="CASCADE"),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    issue_id: Mapped[int]
    property_id: Mapped[int]
    value_text: Mapped[str | None] = mapped_column(String(2000))
    value_number: Mapped[Decimal | None] = mapped_column(Numeric(20, 6))
    value_date: Mapped[date | None]
    value_boolean: Mapped[bool | None]
    option_id: Mapped[int | None]
    member_id: Mapped[int | None]


class Issue(Tenanted, Model):
    """One piece of planned work. Spec: kardon.Issue, ai-workflow's task."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "number"),
        *belongs_to("projects", "project_id", index=False),
        *belongs_to("states", "state_id", index=False),
        *belongs_to("members", "created_by_id"),
        *belongs_to("documents", "document_id"),
        *belongs_to("issue_types", "issue_type_id"),
        *belongs_to("estimate_points", "estimate_point_id", ondelete="SET NULL"),
        Index("ix_issues_column", "organization_id", "state_id", "rank", postgresql_where=text("deleted_at IS NULL")),
        Index("ix_issues_state", "organization_id", "state_id"),
        Index("ix_issues_order", "organization_id", "project_id", "rank"),
        Index("ix_issues_due", "organization_id", "project_id", "due_date"),
        Index("ix_issues_recent", "organization_id", "project_id", "updated_at"),
        CheckConstraint("priority BETWEEN 0 AND 4", name="priority"),
        CheckConstraint("start_date <= due_date", name="dates"),
    )
    #: Assignees, labels, properties and the description are rows of their own: their commands record them themselves.
    __history__ = (
        "title",
        "state_id",
        "priority",
        "issue_type_id",
        "estimate_point_id",
        "start_date",
        "due_date",
        "completed_at",
        "deleted_at",
    )

    project_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    state_id: Mapped[int]
    priority: Mapped[int] = mapped_column(SmallInteger, default=Priority.NONE)
    #: The one manual order of a project's issues, whatever the board is grouped by.
    rank: Mapped[str] = mapped_column(String(400, collation="C"))
    start_date: Mapped[date | None]
    due_date: Mapped[date | None]
    document_id: Mapped[int | None]
    #: None where the project uses no kinds.
    issue_type_id: Mapped[int | None]
    estimate_point_id: Mapped[int | None]
    created_by_id: Mapped[int | None]
    #: Set on entering a completed state, cleared on leaving it.
    completed_at: Mapped[datetime | None]
    #: Counts edits of title and description; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(foreign_keys="Issue.project_id", lazy="raise")
    state: Mapped[State] = relationship(foreign_keys="Issue.state_id", lazy="raise")
    document: Mapped[Document | None] = relationship(foreign_keys="Issue.document_id", lazy="raise")
    issue_type: Mapped[IssueType | None] = relationship(foreign_keys="Issue.issue_type_id", lazy="raise", viewonly=True)
    estimate_point: Mapped[EstimatePoint | None] = relationship(
        foreign_keys="Issue.estimate_point_id", lazy="raise", viewonly=True
    )
    created_by: Mapped[Member | None] = relationship(foreign_keys="Issue.created_by_id", lazy="raise")
    assignees: Mapped[list[Member]] = relationship(
        secondary="issue_assignees",
        lazy="raise",
        order_by=Member.name,
        primaryjoin="and_(Issue.organization_id == IssueAssignee.organization_id, Issue.id == IssueAssignee.issue_id)",
        secondaryjoin=(
            "and_(Member.organization_id == IssueAssignee.organization_id, Member.id == IssueAssignee.member_id)"
        ),
        viewonly=True,
    )
    labels: Mapped[list[Label]] = relationship(
        secondary="issue_labels",
        lazy="raise",
        order_by=Label.name,
        primaryjoin="and_(Issue.organization_id == IssueLabel.organization_id, Issue.id == IssueLabel.issue_id)",
        secondaryjoin="and_(Label.organization_id == IssueLabel.organization_id, Label.id == IssueLabel.label_id)",
        viewonly=True,
    )

    def enter_state(self, state: State, at: datetime) -> None:
        """Stand in a state from `at` on: completed when it is a completed one, and not any more when it is not."""
        completed = state.group is StateGroup.COMPLETED
        self.state_id, self.state = state.id, state
        self.completed_at = (self.completed_at or at) if completed else None

    @property
    def key(self) -> str:
        """WEB-12. Needs `project` loaded."""
        return f"{self.project.identifier}-{self.number}"

    @property
    def is_done(self) -> bool:
        """Needs `state` loaded."""
        return self.state.group in (StateGroup.COMPLETED, StateGroup.CANCELLED)
