"""Who sees an import, and who may make one: the right to import is the boards' own."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from app.exchange.models import Import
from app.organizations.models import Member
from app.projects.policies import in_projects_of


def visible_to(member: Member) -> ColumnElement[bool]:
    """The imports into the member's projects."""
    return in_projects_of(member, Import.project_id)
