"""Addresses of handoffs: they stand under what is handed over."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, url_for

from app.boards.commands.making import IssueDraft
from app.boards.models import Issue
from app.boards.policies import P as Board
from app.boards.queries.issues import issue_by_key
from app.desk.models import Ticket
from app.desk.queries.tickets import ticket_by_number
from app.handoffs.forms import HandoverForm
from app.handoffs.policies import P
from app.handoffs.tickets_to_issues import hand_over, hand_to, words_of
from app.kernel.access import may
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.projects.models import Project
from app.projects.policies import roles_in
from app.projects.queries import projects_of
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, invalid, page, reply
from app.web.urls import TENANT, outside

bp = Blueprint("handoffs", __name__, url_prefix=TENANT)


@bp.get("/tickets/<int:number>/issue")
@requires(P.HAND_OVER, load=ticket_by_number)
def new_issue(ticket: Ticket) -> Response:
    """The dialog, or a page: the customer's words stand in it already."""
    here = outside(url_for("desk.show_ticket", number=ticket.number))
    form = HandoverForm(formdata=None, title=ticket.subject, body=words_of(ticket, here), wait=True)
    return page("handoffs/issue.html", ticket=ticket, form=form.offer(_projects()))


@bp.post("/tickets/<int:number>/issue")
@requires(P.HAND_OVER, load=ticket_by_number)
def create_issue(ticket: Ticket) -> Response:
    """Make the issue and link it, or link the one that is named."""
    projects = _projects()
    form = HandoverForm().offer(projects)
    if not form.validate():
        return invalid(form, "handoffs/issue.html", ticket=ticket)
    try:
        issue = _handed(ticket, form, projects)
    except Invalid as error:
        return invalid(form.blame(error), "handoffs/issue.html", ticket=ticket)
    said = f"{ticket.key} handed on as {issue.key}"
    if not wants_part():
        return go(url_for("desk.show_ticket", number=ticket.number), said)
    response = reply("handoffs/handed.html", said=said)
    return trigger(response, close_dialog=True, moved={"topics": ["tickets", f"ticket-{ticket.id}"]})


def _projects() -> Sequence[Project]:
    """Where the member may make issues."""
    seen = projects_of(current_member)
    roles_in(current_member, [project.id for project in seen])
    return [project for project in seen if may(current_member, Board.CREATE, project)]


def _handed(ticket: Ticket, form: HandoverForm, projects: Sequence[Project]) -> Issue:
    wait = bool(form.wait.data)
    if form.existing.data:
        try:
            issue = issue_by_key(current_member, form.existing.data)
        except NotFound:
            raise Invalid(_("There is no such issue, or you may not see it."), "existing") from None
        hand_to(ticket, issue, wait=wait, by=current_member)
        return issue
    project = next((project for project in projects if project.id == form.project.data), None)
    if project is None:
        raise Invalid(_("Choose a project."), "project")
    draft = IssueDraft(form.title.data or "", form.body.data or "")
    return hand_over(ticket, project, draft, wait=wait, by=current_member)
