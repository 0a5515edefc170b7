"""Who sees an issue, and who may change it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from app.boards.models import Issue
from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions, rule
from app.kernel.words import lazy
from app.organizations.models import Member
from app.projects.policies import in_projects_of, works_in


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


@rule(P.CREATE)
def may_create(member: Member, on: Any) -> bool:
    """Guests of a project change nothing in it, whatever their role in the organization allows."""
    return member.may(P.CREATE) and works_in(member, on)


@rule(P.EDIT)
def may_edit(member: Member, on: Any) -> bool:
    """The same for an issue or a project, or for all issues of an activity that is to be taken back."""
    return member.may(P.EDIT) and works_in(member, *(on[1] if isinstance(on, tuple) else (on,)))


@rule(P.DELETE)
def may_delete(member: Member, on: Any) -> bool:
    return member.may(P.DELETE) and works_in(member, on)


@rule(P.IMPORT)
def may_import(member: Member, on: Any) -> bool:
    return member.may(P.IMPORT) and works_in(member, on)


def visible_to(member: Member) -> ColumnElement[bool]:
    """The issues of the member's projects, but for deleted ones."""
    return Issue.deleted_at.is_(None) & in_projects_of(member, Issue.project_id)
