"""Making issues."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.boards import events
from app.boards.commands.order import hold_order
from app.boards.commands.rules import Had, check_beginning
from app.boards.commands.values import begin_values, keep_values
from app.boards.commands.writing import tell
from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.documents.commands import create_documents
from app.documents.models import Document
from app.documents.rendering import mentioned_in
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.numbers import next_numbers
from app.kernel.ranks import ranks_between
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.projects.models import Feature, IssueType, Needed, Project, State
from app.projects.queries import default_type_of, labels_of, people_of, points_of, states_of, types_of

TITLE_MOST = 300


@dataclass(frozen=True)
class IssueDraft:
    """An issue that does not exist yet. Without a state it goes into the project's default one."""

    title: str
    body: str = ""
    state_id: int | None = None
    priority: int = Priority.NONE
    #: Empty: the project's default assignee, if it has one.
    assignee_ids: Sequence[int] = ()
    label_ids: Sequence[int] = ()
    start_date: date | None = None
    due_date: date | None = None
    #: None: what the project's new issues are.
    issue_type_id: int | None = None
    estimate_point_id: int | None = None
    #: What it says of its kind's properties, as people write it: {property id: values}.
    says: Mapping[int, Sequence[str]] = field(default_factory=dict)


def create_issues(
    project: Project, drafts: Sequence[IssueDraft], *, by: Actor, import_id: int | None = None
) -> list[Issue]:
    """Make issues at the end of the project's order, in a fixed number of statements however many they are.

    They come back with project and state loaded. Raises Invalid for an empty title, for dates that run backwards, and
    for states, labels and people that are not the project's.
    """
    if not drafts:
        return []
    states = {state.id: state for state in states_of(project.id)}
    people = people_of(project.id)
    for draft in drafts:
        check_title(draft.title)
        check_dates(draft.start_date, draft.due_date)
    check_ids("state", {draft.state_id for draft in drafts if draft.state_id}, states)
    check_ids("assignees", {who for draft in drafts for who in draft.assignee_ids}, {person.id for person in people})
    if labels := {label for draft in drafts for label in draft.label_ids}:
        check_ids("labels", labels, {label.id for label in labels_of(project.id)})
    kinds, points = _sorting(project, drafts)
    ids = {person.id for person in people}
    # An import brings what is there; it is no move, and its rows need not say more than their file does.
    values = [
        begin_values(kind, draft.says, ids, lenient=import_id is not None)
        for draft, kind in zip(drafts, kinds, strict=True)
    ]
    hold_order(project.id)
    issues = _numbered(project, drafts, states, by)
    for issue, kind, point in zip(issues, kinds, points, strict=True):
        issue.issue_type_id, issue.estimate_point_id = kind.id if kind else None, point
    documents = _documents(drafts, people, by)
    for issue, document in zip(issues, documents, strict=True):
        issue.document_id = document.id if document else None
    assignees = [sorted(set(draft.assignee_ids)) or _default(project, people) for draft in drafts]
    if import_id is None:
        for issue, draft, working, said in zip(issues, drafts, assignees, values, strict=True):
            check_beginning(issue.state, _had(issue, draft, working, said))
    db.session.add_all(issues)
    db.session.flush()
    keep_values([(issue.id, *value) for issue, said in zip(issues, values, strict=True) for value in said])
    db.session.add_all(
        IssueAssignee(issue_id=issue.id, member_id=who)
        for issue, ids in zip(issues, assignees, strict=True)
        for who in ids
    )
    db.session.add_all(
        IssueLabel(issue_id=issue.id, label_id=label)
        for issue, draft in zip(issues, drafts, strict=True)
        for label in sorted(set(draft.label_ids))
    )
    db.session.flush()
    touched = [
        (issue, _beginning(ids, document)) for issue, ids, document in zip(issues, assignees, documents, strict=True)
    ]
    ledger.record(events.CREATED, touched, by=by, import_id=import_id)
    tell(issues)
    return issues


def _sorting(project: Project, drafts: Sequence[IssueDraft]) -> tuple[list[IssueType | None], list[int | None]]:
    """The kind and the estimate of each. Raises Invalid for those that the project does not use."""
    kinds = {kind.id: kind for kind in types_of(project.id)} if project.has(Feature.TYPES) else {}
    check_ids("issue_type", {draft.issue_type_id for draft in drafts if draft.issue_type_id}, kinds)
    wanted = {draft.estimate_point_id for draft in drafts if draft.estimate_point_id}
    if wanted:
        known = points_of(project.id) if project.has(Feature.ESTIMATES) else ()
        check_ids("estimate", wanted, {point.id for point in known})
    default = default_type_of(project.id) if kinds else None
    return (
        [kinds.get(draft.issue_type_id or default or 0) for draft in drafts],
        [draft.estimate_point_id for draft in drafts],
    )


def _had(issue: Issue, draft: IssueDraft, working: Sequence[int], said: Sequence[tuple[int, Any]]) -> Had:
    there = {
        Needed.ASSIGNEE: working,
        Needed.LABEL: draft.label_ids,
        Needed.ESTIMATE: issue.estimate_point_id,
        Needed.START_DATE: issue.start_date,
        Needed.DUE_DATE: issue.due_date,
        Needed.DESCRIPTION: issue.document_id,
    }
    return Had(frozenset(needed for needed, has in there.items() if has), frozenset(number for number, _ in said))


def _numbered(project: Project, drafts: Sequence[IssueDraft], states: dict[int, State], by: Actor) -> list[Issue]:
    """The order is held, so nobody else's issue can take the place at its end."""
    default = next((state for state in states.values() if state.is_default), None) or next(iter(states.values()), None)
    if default is None:
        raise Invalid(_("This project has no states. Add one first."), "state")
    last = db.session.scalar(select(func.max(Issue.rank)).where(Issue.project_id == project.id))
    ranks = ranks_between(last, None, len(drafts))
    numbers = next_numbers(f"issue:{project.id}", len(drafts))
    at, issues = now(), []
    for draft, number, rank in zip(drafts, numbers, ranks, strict=True):
        issue = Issue(
            project_id=project.id,
            project=project,
            number=number,
            title=draft.title,
            priority=draft.priority,
            rank=rank,
            start_date=draft.start_date,
            due_date=draft.due_date,
            created_by_id=by.id,
        )
        issue.enter_state(states[draft.state_id] if draft.state_id else default, at)
        issues.append(issue)
    return issues


def _documents(drafts: Sequence[IssueDraft], people: Sequence[Member], by: Actor) -> list[Document | None]:
    """The described ones' texts, in two statements; None for the others."""
    made = iter(create_documents([draft.body for draft in drafts if draft.body.strip()], by=by, readers=people))
    return [next(made) if draft.body.strip() else None for draft in drafts]


def _default(project: Project, people: Sequence[Member]) -> list[int]:
    """The default assignee, while they still see the project."""
    return [person.id for person in people if person.id == project.default_assignee_id]


def _beginning(assignees: list[int], document: Document | None) -> dict[str, Any]:
    """What those who are told of new issues must know: who works on it and whom it names."""
    mentions = sorted(mentioned_in(document.html)) if document else []
    found = {"assignees": [[], assignees], "mentions": [[], mentions]}
    return {name: pair for name, pair in found.items() if pair[1]}


def check_title(title: str) -> None:
    """Raises Invalid for a title that is empty or too long."""
    if not title.strip():
        raise Invalid(_("An issue needs a title."), "title")
    if len(title) > TITLE_MOST:
        raise Invalid(_("At most %(title_most)s characters, please.", title_most=TITLE_MOST), "title")


def check_dates(start: date | None, due: date | None) -> None:
    """Raises Invalid for work that is due before it starts."""
    if start and due and start > due:
        raise Invalid(_("This is before the start date."), "due_date")


def check_ids(field: str, wanted: Collection[int], known: Collection[int]) -> None:
    """Raises Invalid, in the same words, for what is another project's and what is nowhere."""
    if any(one not in known for one in wanted):
        raise Invalid(_("Choose from this project's own."), field)
