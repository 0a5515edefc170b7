"""Reading what the board's scripts send: the issues that it is about, and states."""

from __future__ import annotations

from flask import request

from app.boards.models import Issue
from app.boards.queries.chosen import chosen_issues
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.projects.models import Project, State
from app.projects.queries import state_of
from app.web.asked import ids_of, one_id
from app.web.current import current_member


def chosen(project: Project) -> list[Issue]:
    """The issues that the request names as `ids`, in its order. Raises NotFound when one is not there."""
    ids = ids_of(request.values.getlist("ids"), of=("issue", "issues"))
    return chosen_issues(current_member, project, ids)


def state_asked(project: Project) -> State:
    """The state that the request names. Raises NotFound when it is none of the project's, or not any more."""
    wanted = one_id("state")
    if wanted is None:
        raise Invalid(_("Choose a state."), "state")
    try:
        return state_of(project, wanted)
    except NotFound:
        raise NotFound(_("That state is not there any more. Load the page again.")) from None
