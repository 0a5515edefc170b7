"""Taking changes back, and emptying states that are to go."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, url_for

from app.boards.commands.states import empty_and_delete_state
from app.boards.commands.undoing import undo_activity
from app.boards.forms import LeavingForm
from app.boards.models import Issue
from app.boards.policies import P
from app.boards.queries.issues import activity_to_undo, issues_in
from app.boards.routes import bp
from app.kernel.access import may
from app.kernel.ledger import Activity
from app.kernel.words import gettext as _
from app.projects.models import Project
from app.projects.policies import P as Projects
from app.projects.queries import project_by_identifier, state_of, states_of
from app.web.current import current_member
from app.web.guard import refuse, requires
from app.web.htmx import is_htmx, trigger
from app.web.replies import go, invalid, page, reply


@bp.post("/activities/<int:activity_id>/undo")
@requires(P.EDIT, load=activity_to_undo)
def create_undo(found: tuple[Activity, Sequence[Issue]]) -> Response:
    """Take an activity on issues back; pages that show them look again."""
    activity, issues = found
    if activity.verb.endswith((".created", ".deleted", ".restored")) and not may(current_member, P.DELETE, issues[0]):
        refuse("permission", permission=str(P.DELETE))
    undo_activity(activity, issues, by=current_member)
    if not is_htmx():
        return go(url_for("boards.show_board", identifier=issues[0].project.identifier), _("Taken back"))
    topics = {f"board-{issue.project_id}" for issue in issues} | {f"issue-{issue.id}" for issue in issues}
    response = reply("boards/issues/undone.html", issues=issues)
    return trigger(response, moved={"topics": sorted(topics)[:50]})  # boards first; a header must stay short


@bp.get("/projects/<identifier>/settings/states/<int:state_id>/deletion")
@requires(Projects.EDIT, load=project_by_identifier)
def new_state_deletion(project: Project, state_id: int) -> Response:
    """Where the issues of a state should go: a page, or what stands in the dialog."""
    state = state_of(project, state_id)
    form = LeavingForm(formdata=None).offer(states_of(project.id), state)
    return page("boards/states/deletion.html", project=project, state=state, form=form, count=issues_in(state.id))


@bp.post("/projects/<identifier>/settings/states/<int:state_id>/deletion")
@requires(Projects.EDIT, load=project_by_identifier)
def create_state_deletion(project: Project, state_id: int) -> Response:
    state = state_of(project, state_id)
    name = state.name
    form = LeavingForm().offer(states_of(project.id), state)
    if not form.validate():
        return invalid(form, "boards/states/deletion.html", project=project, state=state, count=issues_in(state.id))
    empty_and_delete_state(project, state, into=state_of(project, form.into.data), by=current_member)
    return go(url_for("projects.list_states", identifier=project.identifier), _("%(name)s deleted", name=name))
