"""Which moves between states a project allows, and what an issue must have to enter one."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.words import lazy


class Mover(StrEnum):
    """Who may make a move that is narrowed. Where nothing is said, everybody who may change issues."""

    #: The project's lead, and whoever shapes every project.
    LEADS = "leads"
    NOBODY = "nobody"


class StateMove(Tenanted, Model):
    """A move from a state to another that not everybody may make."""

    __tablename__ = "state_moves"
    __table_args__ = (
        UniqueConstraint("organization_id", "to_state_id", "from_state_id"),
        *belongs_to("states", "from_state_id", ondelete="CASCADE"),
        *belongs_to("states", "to_state_id", ondelete="CASCADE", index=False),
    )

    from_state_id: Mapped[int]
    to_state_id: Mapped[int]
    mover: Mapped[Mover]


class Needed(StrEnum):
    """What a state can ask for."""

    ASSIGNEE = "assignee"
    LABEL = "label"
    ESTIMATE = "estimate"
    START_DATE = "start_date"
    DUE_DATE = "due_date"
    DESCRIPTION = "description"
    #: The property that the row names.
    PROPERTY = "property"

    @property
    def label(self) -> object:
        return _NEEDED[self]


_NEEDED = {
    Needed.ASSIGNEE: lazy("an assignee"),
    Needed.LABEL: lazy("a label"),
    Needed.ESTIMATE: lazy("an estimate"),
    Needed.START_DATE: lazy("a start date"),
    Needed.DUE_DATE: lazy("a due date"),
    Needed.DESCRIPTION: lazy("a description"),
    Needed.PROPERTY: lazy("a property"),
}


class StateNeed(Tenanted, Model):
    """What an issue must have to enter a state."""

    __tablename__ = "state_needs"
    __table_args__ = (
        Index(
            "uq_state_needs_state",
            "organization_id",
            "state_id",
            "needed",
            "property_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        *belongs_to("states", "state_id", ondelete="CASCADE", index=False),
        *belongs_to("issue_properties", "property_id", ondelete="CASCADE"),
    )

    state_id: Mapped[int]
    needed: Mapped[Needed]
    property_id: Mapped[int | None] = mapped_column(default=None)
