"""Teams: made, changed, deleted, restored; who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Forbidden, Invalid
from app.kernel.words import gettext as _
from app.organizations.groups import events
from app.organizations.groups.beside import access_moved
from app.organizations.groups.commands.people import only_colleagues, put, roles_of, take_out, uniquely_named
from app.organizations.groups.policies import T, may_manage
from app.organizations.models import Member, Team, TeamMember, TeamRole

_FIELDS = frozenset({"name", "description", "emoji", "hue", "parent_id"})


def create_team(name: str, *, by: Actor, **values: Any) -> Team:
    """A team without people. Raises Invalid (at `name`) for a name that is taken."""
    _check(values)
    team = Team(name=name, **values)
    with uniquely_named(_("There is already a team %(name)s.", name=name)), db.session.begin_nested():
        db.session.add(team)
    ledger.record_created(events.TEAM_CREATED, [team], by=by)
    live.touch("teams")
    return team


def edit_team(team: Team, *, by: Actor, **values: Any) -> None:
    """Raises Invalid for a name that is taken, and for a parent that stands below the team."""
    _check(values)
    if values.get("parent_id") and team.id in _line(values["parent_id"]):
        raise Invalid(_("A team cannot be a part of itself."), "parent")
    taken = _("There is already a team %(name)s.", name=values.get("name", team.name))
    with (
        uniquely_named(taken),
        ledger.change(team, event=events.TEAM_EDITED, by=by),
        db.session.begin_nested(),
    ):
        for field, value in values.items():
            setattr(team, field, value)
    live.touch("teams")


def delete_teams(teams: Sequence[Team], *, by: Actor) -> None:
    """Take teams away, and what was open through them alone. Who was in them is kept for `restore_teams`."""
    at = now()
    with ledger.change(*teams, event=events.TEAM_DELETED, by=by):
        for team in teams:
            team.deleted_at = team.deleted_at or at
    _moved(teams)


def restore_teams(teams: Sequence[Team], *, by: Actor) -> None:
    """Raises Invalid when a name has been taken since."""
    with (
        uniquely_named(_("Its name has been given to another team since.")),
        ledger.change(*teams, event=events.TEAM_RESTORED, by=by),
        db.session.begin_nested(),
    ):
        for team in teams:
            team.deleted_at = None
    _moved(teams)


def put_in_team(team: Team, members: Sequence[Member], *, role: TeamRole = TeamRole.MEMBER, by: Member) -> None:
    """Let members in, or change what they are there. Managers let members in; managers are made by who edits teams.

    Raises Forbidden, and Invalid for people who are no colleagues.
    """
    only_colleagues(members)
    _authority(team, {member.id for member in members}, role, by)
    roles = {member.id: role.value for member in members}
    if put(TeamMember, TeamMember.team_id, team, roles, event=events.TEAM_PEOPLE_CHANGED, by=by):
        _moved([team])


def take_out_of_team(team: Team, members: Sequence[Member], *, by: Member) -> None:
    """Put members out, and so out of what was open to them through the team alone. Who is in a team may leave it."""
    ids = [member.id for member in members]
    if ids != [by.id]:
        _authority(team, set(ids), TeamRole.MEMBER, by)
    if take_out(TeamMember, TeamMember.team_id, team, ids, event=events.TEAM_PEOPLE_CHANGED, by=by):
        _moved([team])


def _authority(team: Team, ids: set[int], role: TeamRole, by: Member) -> None:
    if by.may(T.EDIT):
        return
    if not may_manage(by, team):
        raise Forbidden(_("Only the managers of a team say who is in it."))
    managers = {who for who, held in roles_of(TeamMember, TeamMember.team_id, team.id).items() if held == "manager"}
    if role is TeamRole.MANAGER or ids & managers:
        raise Forbidden(_("Who manages a team is said by administrators."))


def _line(team_id: int) -> set[int]:
    """A team and all that it is a part of."""
    parents = {row[0]: row[1] for row in db.session.execute(select(Team.id, Team.parent_id))}
    line: set[int] = set()
    at: int | None = team_id
    while at is not None and at not in line:
        line.add(at)
        at = parents.get(at)
    return line


def _check(values: dict[str, Any]) -> None:
    if unknown := values.keys() - _FIELDS:
        raise TypeError(f"not a field of a team: {', '.join(unknown)}")


def _moved(teams: Sequence[Team]) -> None:
    live.touch("teams")
    access_moved(teams=[team.id for team in teams])
