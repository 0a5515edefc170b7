"""Teams: listed, made, changed, deleted; who is in them."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.access import may
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.groups.beside import parts_of
from app.organizations.groups.commands.teams import (
    create_team,
    delete_teams,
    edit_team,
    put_in_team,
    restore_teams,
    take_out_of_team,
)
from app.organizations.groups.forms import TEAM_ROLES, OneForm, PeopleForm, TeamForm, others
from app.organizations.groups.policies import T
from app.organizations.groups.queries import (
    deleted_team,
    deleted_teams_of,
    managers_of,
    people_of_team,
    team_by_id,
    team_counts,
    teams_of,
)
from app.organizations.models import Team, TeamRole
from app.organizations.queries import colleagues, members_by_ids
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.urls import TENANT


@bp.get(f"{TENANT}/teams")
@requires(T.VIEW)
def list_teams() -> Response:
    shows("teams")
    teams = teams_of(current_member)
    deleted = deleted_teams_of(current_member) if current_member.may(T.EDIT) else ()
    return page(
        "organizations/teams/index.html",
        teams=teams,
        counts=team_counts(teams),
        managers=managers_of(teams),
        names={team.id: team.name for team in teams},
        deleted=deleted,
    )


@bp.get(f"{TENANT}/teams/new")
@requires(T.EDIT)
def new_team() -> Response:
    return page(
        "organizations/teams/edit.html", form=TeamForm(formdata=None).offer(teams_of(current_member)), team=None
    )


@bp.post(f"{TENANT}/teams")
@requires(T.EDIT)
def create_new_team() -> Response:
    form = TeamForm().offer(teams_of(current_member))
    if not form.validate():
        return invalid(form, "organizations/teams/edit.html", team=None)
    try:
        team = create_team(by=current_member, **_values(form))
    except Invalid as error:
        return invalid(form.blame(error), "organizations/teams/edit.html", team=None)
    return go(url_for("organizations.show_team", team_id=team.id), _("%(name)s is ready", name=team.name))


@bp.get(f"{TENANT}/teams/<int:team_id>")
@requires(T.VIEW, load=team_by_id)
def show_team(team: Team) -> Response:
    shows("teams")
    return page("organizations/teams/show.html", form=_people_form(), **_shown(team))


@bp.get(f"{TENANT}/teams/<int:team_id>/settings")
@requires(T.EDIT, load=team_by_id)
def edit_one_team(team: Team) -> Response:
    form = TeamForm(
        formdata=None,
        name=team.name,
        emoji=team.emoji,
        hue=team.hue,
        parent=team.parent_id or 0,
        description=team.description,
    )
    return page("organizations/teams/edit.html", form=form.offer(_parents(team)), team=team)


@bp.post(f"{TENANT}/teams/<int:team_id>/settings")
@requires(T.EDIT, load=team_by_id)
def update_team(team: Team) -> Response:
    form = TeamForm().offer(_parents(team))
    if not form.validate():
        return invalid(form, "organizations/teams/edit.html", team=team)
    try:
        edit_team(team, by=current_member, **_values(form))
    except Invalid as error:
        return invalid(form.blame(error), "organizations/teams/edit.html", team=team)
    return go(url_for("organizations.show_team", team_id=team.id), _("Saved"))


@bp.post(f"{TENANT}/teams/<int:team_id>/members")
@requires(T.MANAGE, load=team_by_id)
def put_team_members(team: Team) -> Response:
    """Let people in, or change what they are."""
    form = _people_form()
    if not form.validate():
        return invalid(form, "organizations/teams/show.html", **_shown(team))
    members = members_by_ids(current_member, form.ids.data)
    put_in_team(team, members, role=TeamRole(form.role.data), by=current_member)
    return go(url_for("organizations.show_team", team_id=team.id), _("Saved"))


@bp.post(f"{TENANT}/teams/<int:team_id>/members/removal")
@requires(T.VIEW, load=team_by_id)
def remove_team_members(team: Team) -> Response:
    """Put people out; who is in a team may leave it. The command refuses everybody else."""
    form = PeopleForm().offer({"member": ""})
    if not form.ids.validate(form):
        raise Invalid(_("Choose somebody first."), "ids")
    members = members_by_ids(current_member, form.ids.data)
    take_out_of_team(team, members, by=current_member)
    still = current_member.may(T.VIEW_ALL) or [member.id for member in members] != [current_member.id]
    there = url_for("organizations.show_team", team_id=team.id) if still else url_for("organizations.list_teams")
    return go(there, _("%(name)s is out of the team", name=", ".join(member.name for member in members)))


@bp.post(f"{TENANT}/teams/<int:team_id>/deletion")
@requires(T.EDIT, load=team_by_id)
def destroy_team(team: Team) -> Response:
    delete_teams([team], by=current_member)
    said = _("%(name)s deleted. It can be restored below.", name=team.name)
    return go(url_for("organizations.list_teams"), said)


@bp.post(f"{TENANT}/teams/<int:team_id>/restoration")
@requires(T.EDIT, load=deleted_team)
def restore_team(team: Team) -> Response:
    restore_teams([team], by=current_member)
    return go(url_for("organizations.show_team", team_id=team.id), _("%(name)s is back", name=team.name))


def _values(form: TeamForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "emoji": form.emoji.data or None,
        "hue": form.hue.data,
        "parent_id": form.parent.data or None,
        "description": form.description.data or "",
    }


def _parents(team: Team) -> list[Team]:
    return [other for other in teams_of(current_member) if other.id != team.id]


def _people_form() -> PeopleForm:
    roles = TEAM_ROLES if current_member.may(T.EDIT) else {TeamRole.MEMBER: TEAM_ROLES[TeamRole.MEMBER]}
    return PeopleForm().offer({role.value: text for role, text in roles.items()})


def _shown(team: Team) -> dict[str, Any]:
    people = people_of_team(team)
    manages = may(current_member, T.MANAGE, team)
    parent = next((other for other in teams_of(current_member) if other.id == team.parent_id), None)
    return {
        "team": team,
        "parent": parent,
        "people": people,
        "others": others(colleagues(), people) if manages else [],
        "manages": manages,
        "roles": TEAM_ROLES,
        "token": OneForm(),
        "parts": parts_of("team", team, current_member),
    }
