"""Workspaces: made, changed, archived, deleted, restored; who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.words import gettext as _
from app.organizations.groups import events
from app.organizations.groups.beside import access_moved
from app.organizations.groups.commands.people import only_colleagues, put, take_out, uniquely_named
from app.organizations.groups.policies import W
from app.organizations.models import Access, Member, Standing, Workspace, WorkspaceMember

_FIELDS = frozenset({"name", "description", "emoji", "hue", "access", "inherits"})


def create_workspace(name: str, *, by: Member, access: Access = Access.PRIVATE, **values: Any) -> Workspace:
    """A workspace whose admin is its maker. Raises Invalid (at `name`) for a name that is taken."""
    _check(values)
    if access is Access.PERSONAL:
        raise Invalid(_("A personal workspace is made for oneself alone."), "access")
    workspace = Workspace(name=name, access=access, **values)
    with uniquely_named(_("There is already a workspace %(name)s.", name=name)), db.session.begin_nested():
        db.session.add(workspace)
    _begin(workspace, by)
    return workspace


def personal_workspace(member: Member) -> Workspace:
    """A member's own, made when it is first asked for. Of two who ask at once, both get the same."""
    mine = select(Workspace).where(
        Workspace.access == Access.PERSONAL, Workspace.owner_id == member.id, Workspace.deleted_at.is_(None)
    )
    if (found := db.session.scalar(mine)) is not None:
        return found
    made = Workspace(name=member.name[:80], access=Access.PERSONAL, owner_id=member.id, hue=member.hue)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(mine).one()
    _begin(made, member)
    return made


def edit_workspace(workspace: Workspace, *, by: Actor, **values: Any) -> None:
    """Raises Invalid for a name that is taken, and for making a personal one of it or of a personal one another."""
    _check(values)
    access = values.get("access", workspace.access)
    if (access is Access.PERSONAL) != workspace.is_personal:
        raise Invalid(_("A personal workspace stays personal, and no other becomes one."), "access")
    taken = _("There is already a workspace %(name)s.", name=values.get("name", workspace.name))
    with (
        uniquely_named(taken),
        ledger.change(workspace, event=events.WORKSPACE_EDITED, by=by),
        db.session.begin_nested(),
    ):
        for field, value in values.items():
            setattr(workspace, field, value)
    _moved([workspace])


def archive_workspaces(workspaces: Sequence[Workspace], *, by: Actor) -> None:
    """Out of the way: what they open stays open, and the projects in them stay."""
    at = now()
    with ledger.change(*workspaces, event=events.WORKSPACE_ARCHIVED, by=by):
        for workspace in workspaces:
            workspace.archived_at = workspace.archived_at or at
    live.touch("workspaces", "projects")


def return_workspaces(workspaces: Sequence[Workspace], *, by: Actor) -> None:
    """Out of the archive again."""
    with ledger.change(*workspaces, event=events.WORKSPACE_RETURNED, by=by):
        for workspace in workspaces:
            workspace.archived_at = None
    live.touch("workspaces", "projects")


def delete_workspaces(workspaces: Sequence[Workspace], *, by: Actor) -> None:
    """The projects in them stay, but nobody sees them through these any more. `restore_workspaces` brings all back."""
    at = now()
    with ledger.change(*workspaces, event=events.WORKSPACE_DELETED, by=by):
        for workspace in workspaces:
            workspace.deleted_at = workspace.deleted_at or at
    _moved(workspaces)


def restore_workspaces(workspaces: Sequence[Workspace], *, by: Actor) -> None:
    """Raises Invalid when a name has been taken since."""
    with (
        uniquely_named(_("Its name has been given to another workspace since.")),
        ledger.change(*workspaces, event=events.WORKSPACE_RESTORED, by=by),
        db.session.begin_nested(),
    ):
        for workspace in workspaces:
            workspace.deleted_at = None
    _moved(workspaces)


def put_in_workspace(
    workspace: Workspace, members: Sequence[Member], *, role: Standing = Standing.MEMBER, by: Actor
) -> None:
    """Let members in, or change what they are there and in its projects. Raises Refused for a personal one."""
    only_colleagues(members)
    if workspace.is_personal:
        raise Refused(_("A personal workspace is one person's alone."))
    roles = {member.id: role.value for member in members}
    column = WorkspaceMember.workspace_id
    if put(WorkspaceMember, column, workspace, roles, event=events.WORKSPACE_PEOPLE_CHANGED, by=by):
        _moved([workspace])


def take_out_of_workspace(workspace: Workspace, members: Sequence[Member], *, by: Actor) -> None:
    """Put members out, and out of its projects if they have no other way in. Raises Refused for a personal one."""
    if workspace.is_personal:
        raise Refused(_("A personal workspace is one person's alone."))
    ids = [member.id for member in members]
    event = events.WORKSPACE_LEFT if ids == [by.id] else events.WORKSPACE_PEOPLE_CHANGED
    if take_out(WorkspaceMember, WorkspaceMember.workspace_id, workspace, ids, event=event, by=by):
        _moved([workspace])


def join_workspace(workspace: Workspace, *, by: Member) -> None:
    """Come into a public workspace by oneself. Raises Forbidden for any other."""
    if workspace.access is not Access.PUBLIC or not by.may(W.VIEW_PUBLIC):
        raise Forbidden(_("Only who is in this workspace lets others in."))
    present = select(WorkspaceMember.id).where(
        WorkspaceMember.workspace_id == workspace.id, WorkspaceMember.member_id == by.id
    )
    if db.session.scalar(present) is not None:
        return  # joining again makes nobody less than they are
    roles = {by.id: Standing.MEMBER.value}
    column = WorkspaceMember.workspace_id
    if put(WorkspaceMember, column, workspace, roles, event=events.WORKSPACE_JOINED, by=by):
        _moved([workspace])


def _begin(workspace: Workspace, by: Member) -> None:
    db.session.add(WorkspaceMember(workspace_id=workspace.id, member_id=by.id, role=Standing.ADMIN))
    ledger.record_created(events.WORKSPACE_CREATED, [workspace], by=by)
    live.touch("workspaces")


def _check(values: dict[str, Any]) -> None:
    if unknown := values.keys() - _FIELDS:
        raise TypeError(f"not a field of a workspace: {', '.join(unknown)}")


def _moved(workspaces: Sequence[Workspace]) -> None:
    live.touch("workspaces")
    access_moved(workspaces=[workspace.id for workspace in workspaces])
