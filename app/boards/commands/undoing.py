"""Taking a change back: the inverse, from what the ledger says, unless something newer stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import joinedload

from app.boards import events
from app.boards.commands.editing import bring_back
from app.boards.commands.fields import borne
from app.boards.commands.order import hold_order
from app.boards.commands.rules import check_moves
from app.boards.commands.writing import tell, write
from app.boards.models import Issue, IssueAssignee, IssueLabel
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Refused
from app.kernel.ledger import Activity, Change
from app.projects.models import State
from app.projects.queries import labels_of, people_of

#: {field of a change: its rows, and their column}
_ROWS: Mapping[str, tuple[type[IssueAssignee] | type[IssueLabel], str]] = {
    "assignees": (IssueAssignee, "member_id"),
    "labels": (IssueLabel, "label_id"),
}
_COLUMNS = (
    "title",
    "state_id",
    "priority",
    "issue_type_id",
    "estimate_point_id",
    "start_date",
    "due_date",
    "completed_at",
    "deleted_at",
    "rank",
)
_READ: Mapping[str, Callable[[str], Any]] = {
    "start_date": date.fromisoformat,
    "due_date": date.fromisoformat,
    "completed_at": datetime.fromisoformat,
    "deleted_at": datetime.fromisoformat,
}
_CALLED = {
    "state_id": "state",
    "start_date": "start date",
    "due_date": "due date",
    "rank": "place",
    "issue_type_id": "type",
    "estimate_point_id": "estimate",
}
#: What follows from another field, so is no reason to refuse.
_FOLLOWING = ("completed_at", "mentions")

Fields = Mapping[str, Any]
Held = Mapping[str, Mapping[int, frozenset[int]]]


class NotUndone(Refused):
    """An activity cannot be taken back; nothing was changed."""


def undo_activity(activity: Activity, issues: Sequence[Issue], *, by: Actor) -> ledger.Activity:
    """Set back what an activity changed on these issues, all or none. Making issues is undone by deleting them.

    Raises NotUndone when somebody has changed one of the same fields since, when the state it came from is gone, or
    when there is nothing that could be set back. A fixed number of statements, and two for each description.
    """
    for project_id in sorted({issue.project_id for issue in issues}):
        hold_order(project_id)
    _hold(issues)
    changes = _changes(activity, issues)
    held: Held = {field: borne(issues, rows) for field, (rows, _) in _ROWS.items()}
    for issue, fields in changes:
        _check(issue, fields, held)
    if "properties" in {name for _, fields in changes for name in fields}:
        raise NotUndone("What issues say of their properties is not undone. Write the former value again.")
    states = _states(changes)
    if activity.actor_id != by.id:  # one's own move is taken back whatever the rules say
        _check_rules(changes, states, by)
    undone = {issue.id: _set_back(issue, fields, states) for issue, fields in changes}
    write([issue for issue, _ in changes], *_COLUMNS, "version")
    for field in _ROWS:
        _set_rows(field, changes, held[field], undone)
    for issue, fields in changes:
        if "description" in fields:
            undone[issue.id] |= bring_back(issue, fields["description"][0], by=by)
    differing = [(issue, undone[issue.id]) for issue, _ in changes if undone[issue.id]]
    if not differing:
        raise NotUndone("There is nothing left to take back.")
    tell(issues)
    return ledger.record(events.UNDONE, differing, by=by, payload={"activity": activity.id})


def _hold(issues: Sequence[Issue]) -> None:
    """Read them anew and keep them until the transaction ends: they may have changed since the page's query."""
    db.session.scalars(
        select(Issue)
        .where(Issue.id.in_([issue.id for issue in issues]))
        .order_by(Issue.id)
        .options(joinedload(Issue.project), joinedload(Issue.document))
        .with_for_update(key_share=True, of=Issue)
        .execution_options(populate_existing=True)
    ).all()


def _changes(activity: Activity, issues: Sequence[Issue]) -> list[tuple[Issue, Fields]]:
    if activity.verb == events.CREATED.name:
        return [(issue, {"deleted_at": [now().isoformat(), None]}) for issue in issues]
    found = select(Change.subject_id, Change.fields).where(Change.activity_id == activity.id, Change.noun == "issue")
    fields = {row.subject_id: row.fields for row in db.session.execute(found)}
    return [(issue, fields[issue.id]) for issue in issues if issue.id in fields]


def _check(issue: Issue, fields: Fields, held: Held) -> None:
    if issue.deleted_at is not None and "deleted_at" not in fields:
        raise NotUndone(f"{issue.key} was deleted since, so this was not undone.")
    present = _columns(issue)
    for name, (_, new) in fields.items():
        if name in _FOLLOWING:
            continue
        if name in _ROWS:
            same = held[name][issue.id] == frozenset(new)
        elif name == "description":
            same = issue.document is not None and issue.document.version == new
        else:
            same = present.get(name) == new
        if not same:
            called = _CALLED.get(name, name)
            raise NotUndone(f"Somebody has changed the {called} of {issue.key} since, so this was not undone.")


def _columns(issue: Issue) -> dict[str, Any]:
    return ledger.snapshot(issue) | {"rank": issue.rank}


def _states(changes: Sequence[tuple[Issue, Fields]]) -> Mapping[int, State]:
    wanted = {fields["state_id"][0] for _, fields in changes if "state_id" in fields}
    found = {state.id: state for state in db.session.scalars(select(State).where(State.id.in_(wanted)))}
    if wanted - found.keys():
        raise NotUndone("The state it came from has been deleted, so this was not undone.")
    return found


def _check_rules(changes: Sequence[tuple[Issue, Fields]], states: Mapping[int, State], by: Actor) -> None:
    for state_id, state in states.items():
        back = [issue for issue, fields in changes if "state_id" in fields and fields["state_id"][0] == state_id]
        check_moves(back, state, by=by)


def _set_back(issue: Issue, fields: Fields, states: Mapping[int, State]) -> dict[str, Any]:
    """Set the columns on the object; what that changes."""
    before = _columns(issue)
    with db.session.no_autoflush:
        if "state_id" in fields:
            issue.enter_state(states[fields["state_id"][0]], now())
        for name, (old, _) in fields.items():
            if name in _COLUMNS and name != "state_id":
                setattr(issue, name, _READ[name](old) if old is not None and name in _READ else old)
        if "title" in fields:
            issue.version += 1
    return ledger.compare(before, _columns(issue))


def _set_rows(
    field: str, changes: Sequence[tuple[Issue, Fields]], held: Mapping[int, frozenset[int]], undone: dict[int, Any]
) -> None:
    """Give issues back the members or labels they had. A label that is deleted stays away, and whoever has left or does
    not see the project any more is not put to work there: three statements, and one more for each further project.
    """
    rows, column = _ROWS[field]
    projects = {issue.project_id for issue, fields in changes if fields.get(field, [[]])[0]}
    present_in = people_of if rows is IssueAssignee else labels_of
    there = {project_id: frozenset(one.id for one in present_in(project_id)) for project_id in projects}
    came: list[dict[str, int]] = []
    went: list[tuple[int, int]] = []
    for issue, fields in changes:
        if field not in fields:
            continue
        old, present = there.get(issue.project_id, frozenset()).intersection(fields[field][0]), held[issue.id]
        came += [
            {"organization_id": current_organization_id(), "issue_id": issue.id, column: one}
            for one in sorted(old - present)
        ]
        went += [(issue.id, one) for one in sorted(present - old)]
        if old != present:
            undone[issue.id][field] = [sorted(present), sorted(old)]
    if went:
        db.session.execute(
            delete(rows).where(tuple_(rows.issue_id, getattr(rows, column)).in_(went)),
            execution_options={"synchronize_session": False},
        )
    if came:
        db.session.execute(insert(rows), came)
