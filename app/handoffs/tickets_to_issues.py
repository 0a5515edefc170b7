"""A ticket becomes planned work: an issue that is linked to it, whose end comes back to the ticket.

The link (`escalated`) is all that is kept. What happens to issues is heard of from the ledger, once each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload, selectinload

from app.boards.commands.making import IssueDraft, create_issues
from app.boards.models import Issue
from app.boards.policies import visible_to
from app.desk.commands.fields import move_to_status
from app.desk.commands.writing import tell
from app.desk.models import Direction, Status, Ticket, TicketMessage
from app.discussions.models import Comment
from app.documents.models import Document
from app.handoffs import events
from app.kernel import ledger
from app.kernel.access import CLOCK
from app.kernel.database import db
from app.kernel.ledger import Activity, Change
from app.kernel.outbox import consumer
from app.organizations.models import Member
from app.projects.models import Project, State, StateGroup
from app.search.commands.links import link_nouns
from app.search.models import Link, LinkKind

OVER = (StateGroup.COMPLETED, StateGroup.CANCELLED)
#: Characters of the customer's words that a new issue quotes.
QUOTED = 4_000


@dataclass(frozen=True)
class Handed:
    """What a ticket was handed on as: the issues that the reader sees, and how many more there are."""

    issues: Sequence[Issue]
    hidden: int


def hand_over(ticket: Ticket, project: Project, draft: IssueDraft, *, wait: bool, by: Member) -> Issue:
    """Make an issue of a ticket. Raises as `create_issues` does."""
    [issue] = create_issues(project, [draft], by=by)
    hand_to(ticket, issue, wait=wait, by=by)
    return issue


def hand_to(ticket: Ticket, issue: Issue, *, wait: bool, by: Member) -> None:
    """Let an issue stand for a ticket. With `wait` the ticket is on hold until every issue of it is over."""
    link_nouns(ticket, issue, kind=LinkKind.ESCALATED, by=by)
    if wait and ticket.is_unsolved and not issue.is_done:
        move_to_status([ticket], Status.ON_HOLD, by=by)


def words_of(ticket: Ticket, address: str) -> str:
    """What a new issue begins with: the customer's first words as a quote, and where the ticket is. One statement.

    Names in it are the customer's words: they tell nobody.
    """
    said = (
        select(Document.plain)
        .join(Comment, and_(Comment.organization_id == Document.organization_id, Comment.document_id == Document.id))
        .join(
            TicketMessage,
            and_(TicketMessage.organization_id == Comment.organization_id, TicketMessage.comment_id == Comment.id),
        )
        .where(
            TicketMessage.ticket_id == ticket.id,
            TicketMessage.direction == Direction.IN,
            Comment.internal.is_(False),
            Comment.deleted_at.is_(None),
        )
        .order_by(Comment.id)
        .limit(1)
    )
    text = (db.session.scalar(said) or "")[:QUOTED].replace("@", "@\u2060")
    quote = "\n".join(f"> {line}" for line in text.splitlines())
    return f"{quote}\n\n[Ticket {ticket.key}]({address})".strip()


def handed_to(ticket: Ticket, member: Member) -> Handed:
    """What became of a ticket on boards. Four statements, one where there is nothing."""
    ids = db.session.scalars(
        select(Link.other_id)
        .where(*_ESCALATED, Link.noun == "ticket", Link.subject_id == ticket.id)
        .order_by(Link.other_id)
    ).all()
    if not ids:
        return Handed((), 0)
    shown = (joinedload(Issue.project), joinedload(Issue.state), selectinload(Issue.assignees))
    issues = db.session.scalars(
        select(Issue).options(*shown).where(visible_to(member), Issue.id.in_(ids)).order_by(Issue.id)
    ).all()
    gone = select(Issue.id).where(Issue.id.in_(ids), Issue.deleted_at.is_not(None))
    return Handed(issues, len(ids) - len(issues) - len(db.session.scalars(gone).all()))


@consumer("handoffs")
def bring_back(activity: Activity) -> None:
    """What happens to an issue shows on its tickets. Those who follow them hear of its end, and who waits goes on."""
    if activity.noun != "issue":
        return
    changes = db.session.execute(
        select(Change.subject_id, Change.fields).where(
            Change.organization_id == activity.organization_id, Change.activity_id == activity.id
        )
    ).all()
    tickets = _tickets_of([change.subject_id for change in changes])
    if not tickets:
        return
    ended = _ended({change.subject_id: change.fields.get("state_id") for change in changes})
    for group, event in ((StateGroup.COMPLETED, events.COMPLETED), (StateGroup.CANCELLED, events.CANCELLED)):
        told = {ticket.id: ticket for issue_id, ticket in tickets if ended.get(issue_id) is group}
        if told:
            ledger.record(event, [(ticket, {}) for ticket in told.values()], by=CLOCK)
    waiting = {ticket.id: ticket for issue_id, ticket in tickets if issue_id in ended and _waits(ticket)}
    if free := waiting.keys() - _still_handed(waiting):
        move_to_status([waiting[ticket_id] for ticket_id in sorted(free)], Status.OPEN, by=CLOCK)
    tell([ticket for _, ticket in tickets])


_ESCALATED = (Link.kind == LinkKind.ESCALATED, Link.other_noun == "issue")


def _tickets_of(issues: Sequence[int]) -> list[tuple[int, Ticket]]:
    """The tickets that these issues stand for, held, as (issue's id, ticket). Deleted ones are left out."""
    links = db.session.execute(
        select(Link.other_id, Link.subject_id)
        .where(*_ESCALATED, Link.noun == "ticket", Link.other_id.in_(issues))
        .order_by(Link.id)
    ).all()
    if not links:
        return []
    held = (
        select(Ticket)
        .where(Ticket.id.in_([link.subject_id for link in links]), Ticket.deleted_at.is_(None))
        .order_by(Ticket.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {ticket.id: ticket for ticket in db.session.scalars(held)}
    return [(link.other_id, found[link.subject_id]) for link in links if link.subject_id in found]


def _ended(moves: dict[int, list[int] | None]) -> dict[int, StateGroup]:
    """Which of these moves between states, by issue, went from what is not over to what is."""
    between = {issue_id: move for issue_id, move in moves.items() if move}
    states = {state for move in between.values() for state in move if state}
    rows = db.session.execute(select(State.id, State.group).where(State.id.in_(states)))
    groups = {row.id: row.group for row in rows}
    return {
        issue_id: groups[new]
        for issue_id, (old, new) in between.items()
        if groups.get(new) in OVER and groups.get(old) not in OVER
    }


def _waits(ticket: Ticket) -> bool:
    return ticket.status is Status.ON_HOLD


def _still_handed(tickets: Collection[int]) -> set[int]:
    """Those of these tickets with an issue that is not over now."""
    unfinished = (
        select(Link.subject_id)
        .join(Issue, and_(Issue.organization_id == Link.organization_id, Issue.id == Link.other_id))
        .join(State, and_(State.organization_id == Issue.organization_id, State.id == Issue.state_id))
        .where(*_ESCALATED, Link.noun == "ticket", Link.subject_id.in_(tickets))
        .where(Issue.deleted_at.is_(None), State.group.not_in(OVER))
    )
    return set(db.session.scalars(unfinished))
