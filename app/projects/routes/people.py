"""Who works in a project."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from wtforms import SelectChoice

from app.kernel.errors import Invalid
from app.organizations.queries import colleagues
from app.projects.commands.people import add_people, remove_people
from app.projects.forms import PeopleForm
from app.projects.models import Project
from app.projects.policies import P
from app.projects.queries import members_of, project_by_identifier
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page


@bp.get("/projects/<identifier>/settings/members")
@requires(P.EDIT, load=project_by_identifier)
def list_people(project: Project) -> Response:
    form = PeopleForm(formdata=None)
    return page("projects/settings/members.html", form=form, **_shown(project, form))


@bp.post("/projects/<identifier>/settings/members")
@requires(P.EDIT, load=project_by_identifier)
def create_people(project: Project) -> Response:
    form = PeopleForm()
    others = {person.id: person for person in colleagues()}
    form.members.choices = [SelectChoice(str(person.id), person.name) for person in others.values()]
    if not form.validate():
        return invalid(form, "projects/settings/members.html", **_shown(project, form))
    added = [others[member_id] for member_id in dict.fromkeys(form.members.data)]
    try:
        add_people(project, added, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "projects/settings/members.html", **_shown(project, form))
    said = f"{added[0].name} works in {project.name} now" if len(added) == 1 else f"{len(added)} people added"
    return go(url_for("projects.list_people", identifier=project.identifier), said)


@bp.post("/projects/<identifier>/settings/members/<int:member_id>/removal")
@requires(P.EDIT, load=project_by_identifier)
def destroy_person(project: Project, member_id: int) -> Response:
    leaving = [member for member in members_of(project.id) if member.id == member_id]
    remove_people(project, leaving, by=current_member)
    if member_id == current_member.id and not current_member.may(P.EVERY):
        return go(url_for("projects.list_projects"), f"You left {project.name}")
    said = f"{leaving[0].name} no longer works in {project.name}" if leaving else None
    return go(url_for("projects.list_people", identifier=project.identifier), said)


def _shown(project: Project, form: PeopleForm) -> dict[str, Any]:
    members = members_of(project.id)
    inside = {member.id for member in members}
    others = [person for person in colleagues() if person.id not in inside and person.is_colleague]
    form.members.choices = [SelectChoice(str(person.id), person.name) for person in others]
    return {"project": project, "members": members, "others": others}
