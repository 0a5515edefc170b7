"""Changing fields of the cards that are ticked, or of the current one: a menu for each, and what its choices post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app.boards.commands import fields
from app.boards.commands.removing import delete_issues
from app.boards.dates import day_said, suggestions
from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.boards.policies import P
from app.boards.routes import bp
from app.boards.routes.asked import chosen, state_asked
from app.boards.routes.showing import changed, named
from app.boards.routes.sorting import estimate_menu, property_menu, type_menu
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.projects.models import Project
from app.projects.queries import labels_of, paths_of, people_of, project_by_identifier, states_of
from app.web.asked import ids_of, one
from app.web.current import current_member
from app.web.filtering import ME
from app.web.filters import day, today
from app.web.forms import one_line
from app.web.guard import requires
from app.web.replies import reply


@bp.get("/projects/<identifier>/menus/<field>")
@requires(P.EDIT, load=project_by_identifier)
def show_menu(project: Project, field: str) -> ResponseReturnValue:
    """The choices for one field of the issues in `ids`, with what they have now ticked."""
    if field not in _MENUS:
        raise NotFound
    issues = chosen(project)
    return reply(f"boards/menus/{field}.html", project=project, issues=issues, **_MENUS[field](project, issues))


@bp.post("/projects/<identifier>/issues/state")
@requires(P.EDIT, load=project_by_identifier)
def update_state(project: Project) -> ResponseReturnValue:
    issues, state = chosen(project), state_asked(project)
    activity = fields.set_state(issues, state, by=current_member)
    return changed(project, issues, activity, f"{named(issues)}: {state.name}", refetch=True)


@bp.post("/projects/<identifier>/issues/priority")
@requires(P.EDIT, load=project_by_identifier)
def update_priority(project: Project) -> ResponseReturnValue:
    issues, level = chosen(project), one("priority")
    if level not in ("0", "1", "2", "3", "4"):
        raise Invalid(_("Choose a priority."), "priority")
    priority = Priority(int(level))
    activity = fields.set_priority(issues, priority, by=current_member)
    return changed(project, issues, activity, f"{named(issues)}: {priority.label}")


@bp.post("/projects/<identifier>/issues/assignees")
@requires(P.EDIT, load=project_by_identifier)
def update_assignees(project: Project) -> ResponseReturnValue:
    """Put a member on the issues; or take them off, when all of the issues have them."""
    issues, wanted = chosen(project), one("assignees")
    member_id = current_member.id if wanted == ME else ids_of([wanted], "assignees")[0]
    person = next((person for person in people_of(project.id) if person.id == member_id), None)
    if person is None:
        raise Invalid(_("Only people who see this project can work on its issues."), "assignees")
    off = all(member_id in held for held in fields.borne(issues, IssueAssignee).values())
    way: dict[str, Any] = {"remove" if off else "add": [member_id]}
    activity = fields.assign_issues(issues, **way, by=current_member)
    said = f"{person.name} no longer works on {named(issues)}" if off else f"{named(issues)} assigned to {person.name}"
    return changed(project, issues, activity, said)


@bp.post("/projects/<identifier>/issues/labels")
@requires(P.EDIT, load=project_by_identifier)
def update_labels(project: Project) -> ResponseReturnValue:
    """Put a label on the issues; or take it off, when all of them bear it."""
    issues, [label_id] = chosen(project), ids_of([one("labels")], "labels")
    label = next((label for label in labels_of(project.id) if label.id == label_id), None)
    if label is None:
        raise NotFound(_("That label is not there any more."))
    off = all(label_id in held for held in fields.borne(issues, IssueLabel).values())
    way: dict[str, Any] = {"remove" if off else "add": [label_id]}
    activity = fields.label_issues(issues, **way, by=current_member)
    return changed(project, issues, activity, f"{label.name} {'taken off' if off else 'put on'} {named(issues)}")


@bp.post("/projects/<identifier>/issues/dates")
@requires(P.EDIT, load=project_by_identifier)
def update_dates(project: Project) -> ResponseReturnValue:
    """The start date when that is sent, else the due date: a day, or what people write for one; empty takes it away."""
    issues, starting = chosen(project), "start_date" in request.form
    written = one("start_date" if starting else "due_date")
    on = day_said(written, today(), "start_date" if starting else "due_date") if written.strip() else None
    activity = fields.set_dates(issues, by=current_member, **{"start" if starting else "due": on})
    name = "start" if starting else "due"
    said = f"{named(issues)} {'starts' if starting else 'due'} {day(on)}" if on else f"{named(issues)}: no {name} date"
    return changed(project, issues, activity, said)


@bp.post("/projects/<identifier>/issues/title")
@requires(P.EDIT, load=project_by_identifier)
def update_title(project: Project) -> ResponseReturnValue:
    issues = chosen(project)
    if len(issues) > 1:
        raise Invalid(_("Rename one issue at a time."), "title")
    activity = fields.retitle(issues, one_line(one("title")) or "", by=current_member)
    return changed(project, issues, activity, f"{named(issues)} renamed")


@bp.post("/projects/<identifier>/issues/deletion")
@requires(P.DELETE, load=project_by_identifier)
def create_deletions(project: Project) -> ResponseReturnValue:
    issues = chosen(project)
    activity = delete_issues(issues, by=current_member)
    return changed(project, issues, activity, f"{named(issues)} deleted", refetch=True)


def _states(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"states": states_of(project.id), "now": {issue.state_id for issue in issues}}


def _priorities(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"priorities": sorted(Priority, reverse=True), "now": {issue.priority for issue in issues}}


def _assignees(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    """Those at work on all of the issues are ticked; oneself comes first."""
    held = fields.borne(issues, IssueAssignee).values()
    people = sorted(people_of(project.id), key=lambda person: person.id != current_member.id)
    return {"people": people, "now": frozenset.intersection(*held), "me": current_member.id}


def _labels(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    labels = labels_of(project.id)
    return {
        "labels": labels,
        "paths": paths_of(labels),
        "now": frozenset.intersection(*fields.borne(issues, IssueLabel).values()),
    }


def _due(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"days": suggestions(today()), "now": {issue.due_date for issue in issues}}


def _start(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"days": suggestions(today()), "now": {issue.start_date for issue in issues}}


def _title(project: Project, issues: Sequence[Issue]) -> dict[str, Any]:
    return {"title": issues[0].title}


_MENUS: dict[str, Callable[[Project, Sequence[Issue]], dict[str, Any]]] = {
    "state": _states,
    "priority": _priorities,
    "assignees": _assignees,
    "labels": _labels,
    "due": _due,
    "start": _start,
    "title": _title,
    "type": type_menu,
    "estimate": estimate_menu,
    "property": property_menu,
}
