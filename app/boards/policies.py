"""Who sees an issue, and who may change it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement

from app.boards.models import Issue
from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions
from app.kernel.words import lazy
from app.organizations.models import Member
from app.projects.policies import in_projects_of


class P(StrEnum):
    VIEW = "issue:view"
    CREATE = "issue:create"
    EDIT = "issue:edit"
    DELETE = "issue:delete"
    IMPORT = "issue:import"


permissions(
    P,
    lazy("Issues"),
    VIEW=lazy("see issues of their projects"),
    CREATE=lazy("create issues"),
    EDIT=lazy("edit, move and assign issues"),
    DELETE=lazy("delete and restore issues"),
    IMPORT=lazy("import issues from files"),
)

grant(P.VIEW, *COLLEAGUES)
grant(P.CREATE, *STAFF)
grant(P.EDIT, *STAFF)
grant(P.DELETE, *STAFF)
grant(P.IMPORT, *ADMINS, Role.MANAGER, Role.MEMBER)


def visible_to(member: Member) -> ColumnElement[bool]:
    """The issues of the member's projects, but for deleted ones."""
    return Issue.deleted_at.is_(None) & in_projects_of(member, Issue.project_id)
