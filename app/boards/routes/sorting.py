"""What issues are and how large: their kind, its properties, their estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app.boards.commands import fields
from app.boards.commands.values import set_property
from app.boards.models import Issue
from app.boards.policies import P
from app.boards.queries.values import said_of
from app.boards.routes import bp
from app.boards.routes.asked import chosen
from app.boards.routes.showing import changed, named
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.projects.models import Feature, IssueProperty, Project, PropertyKind
from app.projects.queries import people_of, points_of, project_by_identifier, types_of
from app.web.asked import one, one_id
from app.web.current import current_member
from app.web.guard import requires


@bp.post("/projects/<identifier>/issues/type")
@requires(P.EDIT, load=project_by_identifier)
def update_type(project: Project) -> ResponseReturnValue:
    """Make the issues another kind; nothing makes them of none."""
    issues, wanted = chosen(project), one_id("issue_type")
    kind = next((kind for kind in _kinds(project) if kind.id == wanted), None)
    if wanted and kind is None:
        raise NotFound(_("This project does not use that type any more."))
    activity = fields.set_type(issues, kind, by=current_member)
    said = _("%(issues)s: %(type)s", issues=named(issues), type=kind.name if kind else _("no type"))
    return changed(project, issues, activity, said)


@bp.post("/projects/<identifier>/issues/estimate")
@requires(P.EDIT, load=project_by_identifier)
def update_estimate(project: Project) -> ResponseReturnValue:
    issues, wanted = chosen(project), one_id("estimate")
    point = next((point for point in _points(project) if point.id == wanted), None)
    if wanted and point is None:
        raise NotFound(_("That step is not on the scale any more."))
    activity = fields.set_estimate(issues, point, by=current_member)
    said = (
        _("%(issues)s estimated at %(value)s", issues=named(issues), value=point.value)
        if point
        else _("%(issues)s: no estimate", issues=named(issues))
    )
    return changed(project, issues, activity, said, heads={issue.state_id for issue in issues})


@bp.post("/projects/<identifier>/issues/properties/<int:property_id>")
@requires(P.EDIT, load=project_by_identifier)
def update_property(project: Project, property_id: int) -> ResponseReturnValue:
    """What the issues say of a property. Of several choices one is put on, or taken off when all have it."""
    issues, field, value = chosen(project), property_of(project, property_id), one("value")
    written = _toggled(issues, field, value) if field.kind is PropertyKind.CHOICES else [value]
    people = {person.id for person in people_of(project.id)} if field.kind is PropertyKind.MEMBER else set()
    activity = set_property(issues, field, written, people=people, by=current_member)
    return changed(
        project, issues, activity, _("%(issues)s: %(name)s", issues=named(issues), name=field.name), undo=False
    )


def property_of(project: Project, property_id: int) -> IssueProperty:
    """Of a kind that the project uses. Raises NotFound."""
    for kind in _kinds(project):
        for field in kind.properties:
            if field.id == property_id and field.is_active:
                return field
    raise NotFound(_("That property is not there any more. Load the page again."))


def type_menu(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"kinds": _kinds(project), "now": {issue.issue_type_id for issue in issues}}


def estimate_menu(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"points": _points(project), "now": {issue.estimate_point_id for issue in issues}}


def property_menu(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    """`property` in the address says which."""
    asked = request.args.get("property", "")
    field = property_of(project, int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0)
    said = said_of([issue.id for issue in issues], field.id)
    held = [{_now(one) for one in said.get(issue.id, ())} for issue in issues]
    text = said[issues[0].id][0].text if len(issues) == 1 and said.get(issues[0].id) else ""
    free = field.kind in (PropertyKind.TEXT, PropertyKind.URL, PropertyKind.NUMBER, PropertyKind.DATE)
    return {
        "field": field,
        "now": set.intersection(*held),
        "text": text if free else "",
        "people": people_of(project.id) if field.kind is PropertyKind.MEMBER else (),
    }


def _kinds(project: Project) -> Sequence[Any]:
    if not project.has(Feature.TYPES):
        raise NotFound(_("This project does without types of issues."))
    return types_of(project.id)


def _points(project: Project) -> Sequence[Any]:
    if not project.has(Feature.ESTIMATES):
        raise NotFound(_("This project does without estimates."))
    return points_of(project.id)


def _toggled(issues: Sequence[Issue], field: IssueProperty, value: str) -> list[str]:
    said = said_of([issue.id for issue in issues], field.id)
    held = [{str(one.option_id) for one in said.get(issue.id, ())} for issue in issues]
    common = set.intersection(*held)
    return sorted(common - {value} if value in common else common | {value}) if value else []


def _now(one: Any) -> Any:
    """As the menu compares it."""
    if one.kind is PropertyKind.CHECKBOX:
        return "yes" if one.is_yes else "no"
    return one.option_id or one.member_id or one.text
