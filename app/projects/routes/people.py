"""Who works in a project: people by name, teams, and everybody who is in by some other way."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.kernel.errors import Forbidden, Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.groups.forms import SHORT_STANDINGS, STANDINGS
from app.organizations.groups.queries import teams_by_ids, teams_of, workspaces_by_ids, workspaces_of
from app.organizations.models import Standing, Workspace
from app.organizations.queries import colleagues
from app.projects.commands.people import add_people, change_standings, put_teams, remove_people, remove_teams
from app.projects.commands.shelving import place_projects
from app.projects.commands.tags import tag_projects
from app.projects.forms import PeopleForm
from app.projects.models import Project
from app.projects.policies import P, may_admit, role_in, standings_given_by
from app.projects.queries import project_by_identifier
from app.projects.queries.people import members_with_roles, names_of_ways, people_of, teams_of_project, ways_of_people
from app.projects.queries.tags import all_tags, tags_by_ids, tags_of
from app.projects.routes import bp
from app.projects.ways import Way
from app.web.current import current_member
from app.web.forms import Form, Ids
from app.web.guard import requires
from app.web.replies import go, invalid, page

_PAGE = "projects/settings/members.html"


class AddingForm(PeopleForm):
    role = SelectField(lazy("As"), default=Standing.MEMBER.value)


class TeamsForm(Form):
    ids = Ids(lazy("Teams"))
    role = SelectField(lazy("As"), default=Standing.MEMBER.value)


class RoleForm(Form):
    role = SelectField(lazy("As"))


class PlaceForm(Form):
    """Where a project stands, and what it bears."""

    workspace = SelectField(lazy("Workspace"), coerce=int, default=0)
    ids = Ids(lazy("Tags"), may_be_none=True)


@bp.get("/projects/<identifier>/settings/members")
@requires(P.EDIT, load=project_by_identifier)
def list_people(project: Project) -> Response:
    return page(_PAGE, **_shown(project))


@bp.post("/projects/<identifier>/settings/members")
@requires(P.EDIT, load=project_by_identifier)
def create_people(project: Project) -> Response:
    form, others = _offered(AddingForm(), project), {person.id: person for person in colleagues()}
    form.members.choices = [SelectChoice(str(person.id), person.name) for person in others.values()]
    if not form.validate():
        return invalid(form, _PAGE, **_shown(project, people=form))
    added = [others[member_id] for member_id in dict.fromkeys(form.members.data)]
    try:
        add_people(project, added, role=Standing(form.role.data), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _PAGE, **_shown(project, people=form))
    if len(added) == 1:
        said = _("%(name)s works in %(project)s now", name=added[0].name, project=project.name)
    else:
        said = _("%(count)s people added", count=len(added))
    return go(_there(project), said)


@bp.post("/projects/<identifier>/settings/members/<int:member_id>/role")
@requires(P.EDIT, load=project_by_identifier)
def update_person(project: Project, member_id: int) -> Response:
    """What somebody is here. Nobody says it of who stands above them, nor gives more than they have."""
    form = RoleForm()
    form.role.choices = _choices(project)
    if not form.validate():
        raise Invalid(_("Choose what they are to be here."), "role")
    held = [(member, role) for member, role in members_with_roles(project.id) if member.id == member_id]
    _insist(project, [role for _member, role in held])
    change_standings(project, [member for member, _role in held], Standing(form.role.data), by=current_member)
    return go(_there(project), _("Saved"))


@bp.post("/projects/<identifier>/settings/members/<int:member_id>/removal")
@requires(P.EDIT, load=project_by_identifier)
def destroy_person(project: Project, member_id: int) -> Response:
    held = [(member, role) for member, role in members_with_roles(project.id) if member.id == member_id]
    if member_id != current_member.id:
        _insist(project, [role for _member, role in held])
    leaving = [member for member, _role in held]
    remove_people(project, leaving, by=current_member)
    if role_in(current_member, project.id) is None:
        return go(url_for("projects.list_projects"), _("You left %(name)s", name=project.name))
    if not leaving:
        return go(_there(project))
    said = _("%(name)s no longer works in %(project)s", name=leaving[0].name, project=project.name)
    return go(_there(project), said)


@bp.post("/projects/<identifier>/settings/teams")
@requires(P.EDIT, load=project_by_identifier)
def create_project_teams(project: Project) -> Response:
    """Open the project to teams, or say what they are here."""
    form = TeamsForm()
    form.role.choices = _choices(project)
    if not form.validate():
        return invalid(form, _PAGE, **_shown(project, teams=form))
    teams = teams_by_ids(current_member, form.ids.data)
    held = {team.id: role for team, role in teams_of_project(project.id)}
    _insist(project, [held[team.id] for team in teams if team.id in held])
    put_teams(project, teams, role=Standing(form.role.data), by=current_member)
    return go(_there(project), _("Saved"))


@bp.post("/projects/<identifier>/settings/teams/<int:team_id>/removal")
@requires(P.EDIT, load=project_by_identifier)
def destroy_project_team(project: Project, team_id: int) -> Response:
    held = [(team, role) for team, role in teams_of_project(project.id) if team.id == team_id]
    _insist(project, [role for _team, role in held])
    remove_teams(project, [team for team, _role in held], by=current_member)
    if role_in(current_member, project.id) is None:
        return go(url_for("projects.list_projects"), _("You left %(name)s", name=project.name))
    return go(_there(project), _("Saved"))


@bp.post("/projects/<identifier>/settings/place")
@requires(P.EDIT, load=project_by_identifier)
def update_place(project: Project) -> Response:
    """The workspace that a project stands in, and its tags: both let others in, so only its admins say it."""
    if not may_admit(current_member, project, Standing.ADMIN):
        raise Forbidden(_("Only admins of a project say where it stands."))
    form = PlaceForm()
    form.workspace.choices = _places(project)
    if not form.validate():
        return invalid(form, _PAGE, **_shown(project, place=form))
    workspace: Workspace | None = None
    if form.workspace.data == project.workspace_id:
        pass  # also where one does not see it: it stays
    elif form.workspace.data:
        [workspace] = workspaces_by_ids(current_member, [form.workspace.data])
        place_projects([project], workspace, by=current_member)
    else:
        place_projects([project], None, by=current_member)
    tag_projects([project], tags_by_ids(form.ids.data), by=current_member)
    return go(_there(project), _("Saved"))


def _there(project: Project) -> str:
    return url_for("projects.list_people", identifier=project.identifier)


def _insist(project: Project, roles: list[Standing]) -> None:
    if not all(may_admit(current_member, project, role) for role in roles):
        raise Forbidden(_("You cannot change who stands above you here."))


def _choices(project: Project) -> list[SelectChoice]:
    return [SelectChoice(role.value, str(STANDINGS[role])) for role in standings_given_by(current_member, project)]


def _offered(form: AddingForm, project: Project) -> AddingForm:
    form.role.choices = _choices(project)
    return form


def _places(project: Project) -> list[SelectChoice]:
    seen = workspaces_of(current_member)
    choices = [SelectChoice("0", _("None"))]
    choices += [SelectChoice(str(one.id), one.name) for one in seen if not one.archived_at]
    if project.workspace_id and project.workspace_id not in {one.id for one in seen if not one.archived_at}:
        choices.append(SelectChoice(str(project.workspace_id), _("Another one")))
    return choices


def _shown(
    project: Project,
    *,
    people: AddingForm | None = None,
    teams: TeamsForm | None = None,
    place: PlaceForm | None = None,
) -> dict[str, Any]:
    members, in_teams = members_with_roles(project.id), teams_of_project(project.id)
    inside = {member.id for member, _role in members}
    others = [person for person in colleagues() if person.id not in inside and person.is_colleague]
    form = people or _offered(AddingForm(formdata=None), project)
    form.members.choices = [SelectChoice(str(person.id), person.name) for person in others]
    teams = teams or TeamsForm(formdata=None)
    teams.role.choices = _choices(project)
    all_teams, bearing = teams_of(current_member), tags_of([project]).get(project.id, [])
    if place is None:
        place = PlaceForm(formdata=None, workspace=project.workspace_id or 0, ids=[tag.id for tag in bearing])
    place.workspace.choices = _places(project)
    ways = ways_of_people(project.id)
    return {
        "project": project,
        "people_form": form,
        "members": members,
        "others": others,
        "teams": in_teams,
        "teams_form": teams,
        "other_teams": [team for team in all_teams if team.id not in {one.id for one, _role in in_teams}],
        "place": place,
        "tags": all_tags(),
        "shapes": may_admit(current_member, project, Standing.ADMIN),
        "given": standings_given_by(current_member, project),
        "roles": SHORT_STANDINGS,
        "ways": ways,
        "way_names": names_of_ways([way for of_one in ways.values() for way in of_one]),
        "Way": Way,
        "seeing": [person for person in people_of(project.id) if person.id not in inside],
    }
