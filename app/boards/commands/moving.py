"""Moving issues on the board: another column, another place in the project's order, or both."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm.attributes import set_committed_value

from app.boards import events
from app.boards.commands.order import Place, hold_order, places, ranks_in, spread
from app.boards.commands.rules import check_moves
from app.boards.commands.writing import tell, write
from app.boards.models import Issue
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.errors import Refused
from app.projects.models import State


class IssueGone(Refused):
    """An issue was deleted while somebody else moved it."""


def move_issues(
    issues: Sequence[Issue], *, state: State, after: int | None = None, before: int | None = None, by: Actor
) -> ledger.Activity | None:
    """Put issues of one project into a state, behind the issue `after`, else in front of `before`, in the order given.

    The neighbour on the other side is looked up in the project's order as it is now, so two people who drop at one
    place both succeed. Without an anchor that is still there the issues keep their places in the order. Five
    statements, however many issues; a few more when the order gets crowded. None when nothing moved. Raises IssueGone,
    and NotAllowed when the project's rules keep one of them out of the state.
    """
    project_id = issues[0].project_id
    hold_order(project_id)
    moved = [issue.id for issue in issues]
    anchors = [anchor for anchor in (after, before) if anchor is not None and anchor not in moved]
    standing = _standing(project_id, issues, anchors)
    check_moves(issues, state, by=by)
    ranks = _ranks(standing, moved, state.id, after, before)
    if ranks is None:
        spread(project_id)
        standing = _standing(project_id, issues, anchors)
        ranks = _ranks(standing, moved, state.id, after, before) or [standing[issue].rank for issue in moved]
    at = now()
    for issue, rank in zip(issues, ranks, strict=True):
        issue.enter_state(state, at)
        issue.rank = rank
    changed_column = any(standing[issue.id].state_id != state.id for issue in issues)
    write(issues, "state_id", "completed_at", "rank", edited=changed_column)
    differing = [(issue, diff) for issue in issues if (diff := _difference(issue, standing[issue.id]))]
    if not differing:
        return None
    tell(issues)
    return ledger.record(events.MOVED if changed_column else events.REORDERED, differing, by=by)


def _standing(project_id: int, issues: Sequence[Issue], anchors: Sequence[int]) -> dict[int, Place]:
    """Where everything stands now; the issues are told, for they may have been read before the order was held."""
    standing = places(project_id, [issue.id for issue in issues], anchors)
    for issue in issues:
        place = standing.get(issue.id)
        if place is None or place.deleted_at:
            raise IssueGone("This was deleted meanwhile, so it was not moved.")
        for name in ("state_id", "rank", "completed_at"):
            set_committed_value(issue, name, getattr(place, name))
    return standing


def _ranks(
    standing: dict[int, Place], moved: Sequence[int], state_id: int, after: int | None, before: int | None
) -> list[str] | None:
    """The new ranks, or None when there is no room between the neighbours."""
    above, below = (
        place if (place := standing.get(anchor or 0)) and place.id not in moved and not place.deleted_at else None
        for anchor in (after, before)
    )
    if above and below and above.state_id != state_id == below.state_id:
        above = None  # it has left the column; the one underneath has not
    if above:
        return ranks_in(above.rank, above.above, len(moved))
    if below:
        return ranks_in(below.below, below.rank, len(moved))
    return [standing[issue].rank for issue in moved]


def _difference(issue: Issue, was: Place) -> dict[str, list[object]]:
    return ledger.compare(_plain(was), _plain(issue))


def _plain(at: Place | Issue) -> dict[str, object]:
    return {"state_id": at.state_id, "rank": at.rank, "completed_at": at.completed_at and at.completed_at.isoformat()}
