"""Single issues: made, read, edited, deleted, restored."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.boards.commands.editing import edit_issue, restore_description
from app.boards.commands.making import create_issues
from app.boards.commands.removing import delete_issues, restore_issues
from app.boards.commands.rules import NotAllowed
from app.boards.forms import IssueForm, TextForm, reset
from app.boards.models import Issue
from app.boards.policies import P
from app.boards.queries.issues import deleted_issue, deleted_issues_of, issue_by_key
from app.boards.queries.values import Facts, facts_of
from app.boards.routes import bp
from app.discussions.queries import discussion_of
from app.documents.commands import StaleEdit, discard_draft
from app.documents.forms import VersionForm
from app.documents.queries import comparison_asked, draft_of, versions_of
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.projects.models import Feature, Project
from app.projects.queries import (
    labels_of,
    paths_of,
    people_of,
    points_of,
    project_by_identifier,
    states_of,
    types_of,
)
from app.search.commands.visits import note_visit
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import is_htmx, trigger, wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page, reply


@bp.get("/projects/<identifier>/issues/new")
@requires(P.CREATE, load=project_by_identifier)
def new_issue(project: Project) -> Response:
    """The form: a page, or what stands in the dialog. The address may say which state."""
    form = IssueForm(formdata=None)
    state = request.args.get("state", "")
    if state.isascii() and state.isdecimal() and len(state) < 19:
        form.state.data = int(state)
    return page(_new_template(), form=_offered(form, project), project=project, **_draft(project))


@bp.get("/projects/<identifier>/issues/new/properties")
@requires(P.CREATE, load=project_by_identifier)
def new_properties(project: Project) -> Response:
    """What an issue of the type in the address says, for the form of a new one."""
    return reply("boards/issues/new_properties.html", form=_offered(IssueForm(formdata=None), project))


@bp.post("/projects/<identifier>/issues")
@requires(P.CREATE, load=project_by_identifier)
def create_issue(project: Project) -> Response:
    form = _offered(IssueForm(), project)
    if not form.validate():
        return invalid(form, _new_template(), project=project)
    try:
        [issue] = create_issues(project, [form.draft()], by=current_member)
    except (Invalid, NotAllowed) as error:
        return invalid(form.blame(error), _new_template(), project=project)
    discard_draft(current_member, draft_key(project))
    if not wants_part():
        return go(url_for("boards.show_issue", key=issue.key), _("%(key)s created", key=issue.key))
    following = _offered(reset(form), project) if form.more.data else None
    response = reply("boards/issues/create.html", issue=issue, project=project, form=following)
    trigger(response, moved={"topics": [f"board-{project.id}"]}, clear_draft={"key": draft_key(project)})
    return response if following else trigger(response, close_dialog=True)


@bp.get("/issues/<key>")
@requires(P.VIEW, load=issue_by_key)
def show_issue(issue: Issue) -> Response:
    """The page; with `peek` the panel beside a list; with `part` the region of either that follows
    changes, with `text` what the form of title and description replaced.
    """
    shows(f"issue-{issue.id}")
    if not wants_part():
        note_visit(issue, by=current_member)
    return page(_show_template(), **_shown(issue))


@bp.get("/issues/<key>/edit")
@requires(P.EDIT, load=issue_by_key)
def edit_text(issue: Issue) -> Response:
    """The form of title and description: a page, or what replaces the text."""
    return page(_edit_template(), issue=issue, form=TextForm.of(issue), draft=draft_of(current_member, text_key(issue)))


@bp.post("/issues/<key>")
@requires(P.EDIT, load=issue_by_key)
def update_text(issue: Issue) -> Response:
    """Save title and description. A stale form comes back with both texts, and with the present version."""
    form = TextForm()
    if not form.validate():
        return invalid(form, _edit_template(), issue=issue)
    try:
        activity = edit_issue(
            issue, by=current_member, title=form.title.data, body=form.body.data or "", seen=form.version.data
        )
    except StaleEdit as error:
        form.version.data, form.version.raw_data = issue.version, None
        return invalid(form, _edit_template(), issue=issue, stale=str(error))
    except Invalid as error:
        return invalid(form.blame(error), _edit_template(), issue=issue)
    discard_draft(current_member, text_key(issue))
    if not wants_part():
        return go(url_for("boards.show_issue", key=issue.key), _("Saved") if activity else None)
    response = reply("boards/issues/update.html", activity=activity, **_shown(issue))
    return trigger(response, clear_draft={"key": text_key(issue)})


@bp.get("/issues/<key>/versions")
@requires(P.VIEW, load=issue_by_key)
def list_versions(issue: Issue) -> Response:
    """All versions of the description, and what one of them changed: a page, or what stands in the dialog."""
    if issue.document is None:
        raise NotFound
    return page(
        "boards/issues/versions.html",
        issue=issue,
        versions=versions_of(issue.document),
        compared=comparison_asked(issue.document, request.args.get("version", "")),
    )


@bp.post("/issues/<key>/versions")
@requires(P.EDIT, load=issue_by_key)
def restore_text(issue: Issue) -> Response:
    form = VersionForm()
    if not form.validate():
        raise Invalid(" ".join(form.version.errors), "version")
    restore_description(issue, form.version.data, by=current_member)
    return go(url_for("boards.show_issue", key=issue.key), _("Version %(data)s is back", data=form.version.data))


@bp.post("/issues/<key>/deletion")
@requires(P.DELETE, load=issue_by_key)
def destroy_issue(issue: Issue) -> Response:
    activity = delete_issues([issue], by=current_member)
    board = url_for("boards.show_board", identifier=issue.project.identifier)
    if not is_htmx():
        return go(board, _("%(key)s deleted", key=issue.key))
    if "leave" in request.values:
        return go(board, _("%(key)s deleted. It waits in the bin.", key=issue.key))
    response = reply("boards/issues/destroy.html", issue=issue, activity=activity)
    return trigger(response, moved={"topics": [f"board-{issue.project_id}"]})


@bp.post("/issues/<key>/restoration")
@requires(P.DELETE, load=deleted_issue)
def restore_issue(issue: Issue) -> Response:
    restore_issues([issue], by=current_member)
    return go(url_for("boards.show_issue", key=issue.key), _("%(key)s is back", key=issue.key))


@bp.get("/projects/<identifier>/deleted")
@requires(P.VIEW, load=project_by_identifier)
def list_deleted(project: Project) -> Response:
    """The bin."""
    return page("boards/issues/deleted.html", project=project, issues=deleted_issues_of(current_member, project))


def draft_key(project: Project) -> str:
    return f"issue:{project.identifier}:new"


def text_key(issue: Issue) -> str:
    return f"issue:{issue.key}:text"


def _new_template() -> str:
    return "boards/issues/new_dialog.html" if wants_part() else "boards/issues/new.html"


def _edit_template() -> str:
    return "boards/issues/edit_inline.html" if wants_part() else "boards/issues/edit.html"


def _show_template() -> str:
    if "text" in request.args:
        return "boards/issues/text.html"
    part = "part" in request.args
    if "peek" in request.args:
        return "boards/issues/peek_region.html" if part else "boards/issues/peek.html"
    return "boards/issues/region.html" if part else "boards/issues/show.html"


def _offered(form: IssueForm, project: Project) -> IssueForm:
    labels, people = labels_of(project.id), people_of(project.id)
    form.offer(states_of(project.id), people, labels, paths_of(labels))
    return form.offer_kinds(
        types_of(project.id) if project.has(Feature.TYPES) else (),
        points_of(project.id) if project.has(Feature.ESTIMATES) else (),
        people,
        request.values,
    )


def _draft(project: Project) -> dict[str, Any]:
    return {"draft": draft_of(current_member, draft_key(project))}


def _shown(issue: Issue) -> dict[str, Any]:
    return {
        "issue": issue,
        "said": facts_of(issue) if issue.project.has(Feature.TYPES) else Facts(()),
        "discussion": discussion_of(issue, current_member, request.args),
        "peeking": "peek" in request.values,
    }
