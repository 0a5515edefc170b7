"""The tags of projects: a page of the organization's settings."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.groups.forms import HUES, SHORT_STANDINGS, STANDINGS
from app.organizations.groups.queries import teams_by_ids, teams_of
from app.organizations.models import Standing
from app.projects.commands.tags import create_tag, delete_tags, edit_tag, put_teams_on_tag, take_teams_off_tag
from app.projects.models import ProjectTag
from app.projects.policies import P
from app.projects.queries.tags import all_tags, tag_by_id, tag_counts, teams_of_tags
from app.projects.routes import bp
from app.web.current import current_member
from app.web.forms import Form, Ids, Line, at_least_something
from app.web.guard import requires
from app.web.replies import go, invalid, page

_PAGE, _ONE = "projects/tags/index.html", "projects/tags/show.html"


class TagForm(Form):
    name = Line(lazy("Name"), most=60, validators=[at_least_something])
    hue = SelectField(lazy("Colour"), coerce=int, default=6, choices=HUES)
    description = Line(lazy("Purpose"), most=400)


class TeamsForm(Form):
    ids = Ids(lazy("Teams"))
    role = SelectField(
        lazy("As"),
        default=Standing.MEMBER.value,
        choices=[SelectChoice(role.value, text) for role, text in STANDINGS.items()],
    )


@bp.get("/settings/project-tags")
@requires(P.TAGS)
def list_tags() -> Response:
    return page(_PAGE, form=TagForm(formdata=None), **_all())


@bp.post("/settings/project-tags")
@requires(P.TAGS)
def create_project_tag() -> Response:
    form = TagForm()
    if not form.validate():
        return invalid(form, _PAGE, **_all())
    try:
        create_tag(form.name.data, hue=form.hue.data, description=form.description.data or "", by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _PAGE, **_all())
    return go(url_for("projects.list_tags"), _("%(name)s added", name=form.name.data))


@bp.get("/settings/project-tags/<int:tag_id>")
@requires(P.TAGS, load=tag_by_id)
def show_tag(tag: ProjectTag) -> Response:
    return page(_ONE, tag_form=TagForm(formdata=None, obj=tag), **_around(tag))


@bp.post("/settings/project-tags/<int:tag_id>")
@requires(P.TAGS, load=tag_by_id)
def update_tag(tag: ProjectTag) -> Response:
    form = TagForm()
    if not form.validate():
        return invalid(form, _ONE, tag_form=form, **_around(tag))
    try:
        edit_tag(
            tag,
            name=form.name.data,
            hue=form.hue.data,
            description=form.description.data or "",
            by=current_member,
        )
    except Invalid as error:
        return invalid(form.blame(error), _ONE, tag_form=form, **_around(tag))
    return go(url_for("projects.show_tag", tag_id=tag.id), _("Saved"))


@bp.post("/settings/project-tags/<int:tag_id>/teams")
@requires(P.TAGS, load=tag_by_id)
def create_tag_teams(tag: ProjectTag) -> Response:
    """Open each project that bears the tag to teams."""
    teams = TeamsForm()
    if not teams.validate():
        return invalid(teams, _ONE, tag_form=TagForm(formdata=None, obj=tag), **_around(tag, teams))
    chosen = teams_by_ids(current_member, teams.ids.data)
    put_teams_on_tag(tag, chosen, role=Standing(teams.role.data), by=current_member)
    return go(url_for("projects.show_tag", tag_id=tag.id), _("Saved"))


@bp.post("/settings/project-tags/<int:tag_id>/teams/<int:team_id>/removal")
@requires(P.TAGS, load=tag_by_id)
def destroy_tag_team(tag: ProjectTag, team_id: int) -> Response:
    take_teams_off_tag(tag, teams_by_ids(current_member, [team_id]), by=current_member)
    return go(url_for("projects.show_tag", tag_id=tag.id), _("Saved"))


@bp.post("/settings/project-tags/<int:tag_id>/deletion")
@requires(P.TAGS, load=tag_by_id)
def destroy_tag(tag: ProjectTag) -> Response:
    name = tag.name
    delete_tags([tag], by=current_member)
    return go(url_for("projects.list_tags"), _("%(name)s deleted", name=name))


def _all() -> dict[str, Any]:
    tags = all_tags()
    return {"tags": tags, "counts": tag_counts(current_member), "teams": teams_of_tags(tags)}


def _around(tag: ProjectTag, teams: TeamsForm | None = None) -> dict[str, Any]:
    working = teams_of_tags([tag]).get(tag.id, [])
    inside = {team.id for team, _role in working}
    return {
        "tag": tag,
        "working": working,
        "others": [team for team in teams_of(current_member) if team.id not in inside],
        "teams": teams or TeamsForm(formdata=None),
        "roles": SHORT_STANDINGS,
    }
