"""Changing one field of issues: what the keys and menus of the board do. Many cost as many statements as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.boards import events
from app.boards.commands.making import check_dates, check_title
from app.boards.commands.rules import check_moves
from app.boards.commands.writing import change_each, tell
from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.events import Event
from app.projects.models import EstimatePoint, IssueType, State


class _Unchanged:
    """A date that is left as it is; None takes it away."""


UNCHANGED: Final = _Unchanged()


def set_state(issues: Sequence[Issue], state: State, *, by: Actor, by_rules: bool = True) -> ledger.Activity | None:
    """Put issues into a state of their project; their places in the order stay.

    Raises NotAllowed, and moves none, when the project's rules keep one out.
    """
    if by_rules:
        check_moves(issues, state, by=by)
    at = now()
    return change_each(
        issues,
        "state_id",
        "completed_at",
        event=events.STATE_CHANGED,
        by=by,
        put=lambda issue: issue.enter_state(state, at),
    )


def set_priority(issues: Sequence[Issue], priority: Priority, *, by: Actor) -> ledger.Activity | None:
    def put(issue: Issue) -> None:
        issue.priority = int(priority)

    return change_each(issues, "priority", event=events.PRIORITISED, by=by, put=put)


def set_type(issues: Sequence[Issue], kind: IssueType | None, *, by: Actor) -> ledger.Activity | None:
    """Make issues another kind of work. What they say of the former kind's properties is kept, and shown no more."""

    def put(issue: Issue) -> None:
        issue.issue_type_id = kind.id if kind else None

    return change_each(issues, "issue_type_id", event=events.RETYPED, by=by, put=put)


def set_estimate(issues: Sequence[Issue], point: EstimatePoint | None, *, by: Actor) -> ledger.Activity | None:
    """Say how large issues are, by a step of their project's scale; None takes it away."""

    def put(issue: Issue) -> None:
        issue.estimate_point_id = point.id if point else None

    return change_each(issues, "estimate_point_id", event=events.ESTIMATED, by=by, put=put)


def set_dates(
    issues: Sequence[Issue],
    *,
    by: Actor,
    start: date | _Unchanged | None = UNCHANGED,
    due: date | _Unchanged | None = UNCHANGED,
) -> ledger.Activity | None:
    """Set or clear dates. Raises Invalid, and changes none, when one would be due before it starts."""

    def put(issue: Issue) -> None:
        if not isinstance(start, _Unchanged):
            issue.start_date = start
        if not isinstance(due, _Unchanged):
            issue.due_date = due
        check_dates(issue.start_date, issue.due_date)

    return change_each(issues, "start_date", "due_date", event=events.DATED, by=by, put=put)


def retitle(issues: Sequence[Issue], title: str, *, by: Actor) -> ledger.Activity | None:
    """Give issues a title. An open form that knew the former one is stale from now on. Raises Invalid for none."""
    check_title(title)

    def put(issue: Issue) -> None:
        if issue.title != title:
            issue.title, issue.version = title, issue.version + 1

    return change_each(issues, "title", "version", event=events.RENAMED, by=by, put=put)


def assign_issues(
    issues: Sequence[Issue], *, add: Collection[int] = (), remove: Collection[int] = (), by: Actor
) -> ledger.Activity | None:
    """Put members (by id) on issues, and take others off. The caller has seen that they may be in the project."""
    event = events.ASSIGNED if add else events.UNASSIGNED
    return _join(issues, IssueAssignee, "member_id", "assignees", add, remove, event=event, by=by)


def label_issues(
    issues: Sequence[Issue], *, add: Collection[int] = (), remove: Collection[int] = (), by: Actor
) -> ledger.Activity | None:
    """Put labels (by id) on issues, and take others off. The caller has seen that they are the project's."""
    return _join(issues, IssueLabel, "label_id", "labels", add, remove, event=events.LABELLED, by=by)


def borne(issues: Sequence[Issue], kind: type[IssueAssignee] | type[IssueLabel]) -> Mapping[int, frozenset[int]]:
    """Which members or labels each issue has: one statement."""
    other = kind.label_id if issubclass(kind, IssueLabel) else kind.member_id
    found: dict[int, set[int]] = {issue.id: set() for issue in issues}
    for issue_id, held in db.session.execute(select(kind.issue_id, other).where(kind.issue_id.in_(found))):
        found[issue_id].add(held)
    return {issue_id: frozenset(held) for issue_id, held in found.items()}


def _join(
    issues: Sequence[Issue],
    kind: type[IssueAssignee] | type[IssueLabel],
    column: str,
    field: str,
    add: Collection[int],
    remove: Collection[int],
    *,
    event: Event,
    by: Actor,
) -> ledger.Activity | None:
    """Change the rows that join issues to something else: at most five statements."""
    before = borne(issues, kind)
    after = {issue_id: (held | set(add)) - set(remove) for issue_id, held in before.items()}
    new = [
        {"organization_id": current_organization_id(), "issue_id": issue_id, column: other}
        for issue_id, held in after.items()
        for other in sorted(held - before[issue_id])
    ]
    changed = [issue for issue in issues if after[issue.id] != before[issue.id]]
    if not changed:
        return None
    if remove:
        db.session.execute(
            delete(kind).where(kind.issue_id.in_(after), getattr(kind, column).in_(remove)),
            execution_options={"synchronize_session": False},
        )
    if new:
        db.session.execute(insert(cast(Table, kind.__table__)).on_conflict_do_nothing(), new)
    tell(changed)
    differing = [(issue, {field: [sorted(before[issue.id]), sorted(after[issue.id])]}) for issue in changed]
    return ledger.record(event, differing, by=by)
