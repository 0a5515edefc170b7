"""Who sees a project, who may shape it, and what somebody is in it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select, true

from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions, rule
from app.kernel.database import current_organization_id, db
from app.kernel.words import lazy
from app.organizations.models import Member, Standing
from app.projects import ways
from app.projects.models import Project


class P(StrEnum):
    VIEW = "project:view"
    CREATE = "project:create"
    #: Sees and shapes every project, also without being in it.
    EVERY = "project:every"
    EDIT = "project:edit"
    #: Shapes those whose admin they are, whatever else their role is for.
    LEAD = "project:lead"
    DELETE = "project:delete"
    #: The words that projects of the whole organization bear, and which teams work on them.
    TAGS = "project:tags"
    #: Says whether a project is worked on, also of one that is archived.
    ARCHIVE = "project:archive"
    #: Shapes what all projects share.
    SHARED = "project:shared"


permissions(
    P,
    lazy("Projects"),
    VIEW=lazy("see the projects that are open to them"),
    CREATE=lazy("make projects"),
    EVERY=lazy("see and shape every project"),
    EDIT=lazy("shape the projects they work in"),
    LEAD=lazy("shape the projects whose admin they are"),
    DELETE=lazy("delete and restore projects"),
    TAGS=lazy("make tags of projects and say which teams work on them"),
    ARCHIVE=lazy("say whether projects they shape are worked on, and archive them"),
    SHARED=lazy("shape what all projects share: types of issues, labels, groups, templates"),
)

grant(P.VIEW, *COLLEAGUES)
grant(P.CREATE, *ADMINS, Role.MANAGER, Role.MEMBER)
grant(P.EVERY, *ADMINS)
grant(P.EDIT, *ADMINS, Role.MANAGER, Role.MEMBER)
grant(P.LEAD, *STAFF)
grant(P.DELETE, *ADMINS, Role.MANAGER)
grant(P.TAGS, *ADMINS)
grant(P.ARCHIVE, *ADMINS, Role.MANAGER, Role.MEMBER)
grant(P.SHARED, *ADMINS, Role.MANAGER)


#: By organization and member: {project id: what they are there}.
_Roles = dict[tuple[int, int], dict[int, Standing | None]]


def in_projects_of(member: Member, project_id: Any) -> ColumnElement[bool]:
    """Whether the project that a column names is open to `member`. The one rule under every noun inside projects."""
    if not member.may(P.VIEW):
        return false()  # customers work in no project
    open_ones = select(Project.id).where(Project.deleted_at.is_(None))
    if not member.may(P.EVERY):
        open_ones = open_ones.where(ways.opened_to(member, Project.id))
    return project_id.in_(open_ones)


def visible_to(member: Member) -> ColumnElement[bool]:
    """Members see the projects that they have a way into, owners and admins all; nobody sees deleted ones here."""
    if not member.may(P.VIEW):
        return false()
    if member.may(P.EVERY):
        return Project.deleted_at.is_(None)
    return Project.deleted_at.is_(None) & ways.opened_to(member, Project.id)


def tags_visible_to(member: Member) -> ColumnElement[bool]:
    """Whoever sees projects knows the words for them."""
    return true() if member.may(P.VIEW) else false()


def role_in(member: Member, project_id: int) -> Standing | None:
    """What a member is in a project: the highest of all their ways in, None without one. Remembered, see `know`."""
    return roles_in(member, [project_id]).get(project_id)


def roles_in(member: Member, project_ids: Sequence[int]) -> dict[int, Standing]:
    """The same for many. One statement for those that are not known yet."""
    if member.may(P.EVERY):
        return dict.fromkeys(project_ids, Standing.ADMIN)
    known = _known(member)
    if unknown := set(project_ids) - known.keys():
        way = ways.ways_of(member).subquery("ways")
        found = select(way.c.project_id, func.max(way.c.height)).where(way.c.project_id.in_(unknown))
        heights = {row[0]: row[1] for row in db.session.execute(found.group_by(way.c.project_id))}
        known.update({project_id: Standing.of_height(heights.get(project_id)) for project_id in unknown})
    return {project_id: role for project_id in project_ids if (role := known[project_id]) is not None}


def height(member: Member, project_id: Any = Project.id) -> ColumnElement[Any]:
    """What a member is in each project that a query finds, for its list of columns and then for `know`."""
    return literal(Standing.ADMIN.height) if member.may(P.EVERY) else ways.height_in(member, project_id)


def know(member: Member, heights: Sequence[tuple[int, int | None]]) -> None:
    """Remember what a query found with its projects, so that nobody asks again in this transaction."""
    _known(member).update({project_id: Standing.of_height(height) for project_id, height in heights})


def forget_roles() -> None:
    """Who works where has changed."""
    db.session.info.pop("roles_in_projects", None)


def _known(member: Member) -> dict[int, Standing | None]:
    """What this transaction has found out, `{project id: standing}`."""
    transaction = db.session().get_transaction()
    kept: tuple[Any, _Roles] | None = db.session.info.get("roles_in_projects")
    if kept is None or kept[0] is not transaction or transaction is None:
        kept = db.session.info["roles_in_projects"] = (transaction, {})
    return kept[1].setdefault((member.organization_id, member.id), {})


def project_of(on: Any) -> int | None:
    """The project that a thing stands in; None of one that stands in none."""
    return on.id if isinstance(on, Project) else getattr(on, "project_id", None)


def works_in(member: Member, *things: Any) -> bool:
    """Whether a member is more than a guest in the projects of all things, and none of these is archived.

    What stands in none is not refused here.
    """
    projects = {project_id for on in things if (project_id := project_of(on)) is not None}
    found = roles_in(member, sorted(projects))
    if any(is_archived(project_id) for project_id in projects):
        return False
    return all(found.get(project_id) in (Standing.ADMIN, Standing.MEMBER) for project_id in projects)


def is_archived(project_id: int) -> bool:
    """Whether nothing in a project changes any more. No statement for one that is loaded."""
    project = db.session.get(Project, (current_organization_id(), project_id))
    return project is not None and project.is_archived


@rule(P.EDIT)
def may_edit(member: Member, project: Project) -> bool:
    """As `may_shape`, while the project is not archived."""
    return may_shape(member, project) and not project.is_archived


@rule(P.ARCHIVE)
def may_archive(member: Member, project: Project) -> bool:
    return member.may(P.ARCHIVE) and may_shape(member, project)


def may_shape(member: Member, project: Project) -> bool:
    """A project's admins shape it whatever their role is for; its members when their role allows; guests never."""
    standing = role_in(member, project.id)
    if standing is Standing.ADMIN:
        return member.may(P.EDIT) or member.may(P.LEAD)
    return standing is Standing.MEMBER and member.may(P.EDIT)


@rule(P.DELETE)
def may_delete(member: Member, project: Project) -> bool:
    return member.may(P.DELETE) and role_in(member, project.id) in (Standing.ADMIN, Standing.MEMBER)


def may_admit(member: Member, project: Project, standing: Standing) -> bool:
    """Whether a member may let others in as this, and put them out: nobody does above what they are themselves."""
    own = role_in(member, project.id)
    return own is not None and own.height >= standing.height and may_edit(member, project)


def standings_given_by(member: Member, project: Project) -> list[Standing]:
    """What a member may let others be in a project, from the most to the least."""
    return [standing for standing in Standing if may_admit(member, project, standing)]
