"""What new projects begin with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.database import db
from app.organizations.models import Kind, Member, ProjectDefaults

#: People that one field offers.
_MOST = 500


def project_defaults() -> ProjectDefaults | None:
    """What the organization's new projects begin with, if it said so. One statement."""
    return db.session.scalar(select(ProjectDefaults))


def possible_assignees() -> Sequence[Member]:
    """People who can be given work, by name."""
    here = select(Member).where(Member.kind == Kind.PERSON, Member.left_at.is_(None))
    return db.session.scalars(here.order_by(func.lower(Member.name), Member.id).limit(_MOST)).all()
