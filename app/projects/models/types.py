"""Kinds of issues, and what issues of a kind say about themselves. Kinds are the organization's; projects use some."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.words import lazy

#: The level of a kind: what it stands above.
EPIC, PLAIN, SUB = 1, 0, -1


class IssueType(Tenanted, Model):
    """A kind of issue: epic, story, bug. Spec: kardon.IssueType."""

    __tablename__ = "issue_types"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
        CheckConstraint("level BETWEEN -1 AND 1", name="level"),
    )
    __history__ = ("name", "description", "icon", "hue", "level", "is_active")

    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(400), default="")
    #: A name of the icon sprite.
    icon: Mapped[str] = mapped_column(String(40), default="check")
    hue: Mapped[int] = mapped_column(SmallInteger, default=6)
    #: 1 an epic, which stands above; 0 plain work; -1 a part of it.
    level: Mapped[int] = mapped_column(SmallInteger, default=PLAIN)
    #: One that is not is offered nowhere; issues that are of it stay so.
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    properties: Mapped[list[IssueProperty]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="IssueProperty.rank, IssueProperty.id",
        primaryjoin=(
            "and_(IssueType.organization_id == foreign(IssueProperty.organization_id),"
            " IssueType.id == foreign(IssueProperty.issue_type_id))"
        ),
    )

    @property
    def is_epic(self) -> bool:
        return self.level == EPIC


class ProjectIssueType(Tenanted, Model):
    """A project uses a kind of issue."""

    __tablename__ = "project_issue_types"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "issue_type_id"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("issue_types", "issue_type_id", ondelete="CASCADE"),
        Index(
            "uq_project_issue_types_default",
            "organization_id",
            "project_id",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    project_id: Mapped[int]
    issue_type_id: Mapped[int]
    #: What new issues are; one a project at most.
    is_default: Mapped[bool] = mapped_column(default=False)


class PropertyKind(StrEnum):
    """What a property holds. It stays as it is: what was written would mean something else."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    MEMBER = "member"
    URL = "url"
    CHECKBOX = "checkbox"

    @property
    def label(self) -> object:
        return _KINDS[self]

    @property
    def has_options(self) -> bool:
        return self in (PropertyKind.CHOICE, PropertyKind.CHOICES)


_KINDS = {
    PropertyKind.TEXT: lazy("Text"),
    PropertyKind.NUMBER: lazy("Number"),
    PropertyKind.DATE: lazy("Date"),
    PropertyKind.CHOICE: lazy("One of several"),
    PropertyKind.CHOICES: lazy("Some of several"),
    PropertyKind.MEMBER: lazy("Person"),
    PropertyKind.URL: lazy("Web address"),
    PropertyKind.CHECKBOX: lazy("Yes or no"),
}


class IssueProperty(Tenanted, Model):
    """Something that issues of a kind say beside what all issues say."""

    __tablename__ = "issue_properties"
    __table_args__ = (
        UniqueConstraint("organization_id", "issue_type_id", "name"),
        *belongs_to("issue_types", "issue_type_id", ondelete="CASCADE", index=False),
    )
    __history__ = ("name", "is_required", "starts_as", "rank", "is_active")

    issue_type_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(400), default="")
    kind: Mapped[PropertyKind]
    #: A new issue of the kind cannot do without it.
    is_required: Mapped[bool] = mapped_column(default=False)
    #: What a new issue says, as people write it; empty for nothing.
    starts_as: Mapped[str] = mapped_column(String(400), default="")
    rank: Mapped[str] = mapped_column(String(200, collation="C"), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    options: Mapped[list[PropertyOption]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="PropertyOption.rank, PropertyOption.id",
        primaryjoin=(
            "and_(IssueProperty.organization_id == foreign(PropertyOption.organization_id),"
            " IssueProperty.id == foreign(PropertyOption.property_id))"
        ),
    )


class PropertyOption(Tenanted, Model):
    """One of the answers that a property offers."""

    __tablename__ = "property_options"
    __table_args__ = (
        UniqueConstraint("organization_id", "property_id", "name"),
        *belongs_to("issue_properties", "property_id", ondelete="CASCADE", index=False),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
    )

    property_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    hue: Mapped[int] = mapped_column(SmallInteger, default=6)
    rank: Mapped[str] = mapped_column(String(200, collation="C"), default="")
