"""Writing many issues as cheaply as one, and telling live pages of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.boards.models import Issue
from app.kernel import bulk, ledger, live
from app.kernel.access import Actor
from app.kernel.events import Event

#: Objects that follow a key which is written here, and must not be written a second time by the session.
_FOLLOWERS = {"state_id": "state"}


def change_each(
    issues: Sequence[Issue], *columns: str, by: Actor, event: Event, put: Callable[[Issue], None]
) -> ledger.Activity | None:
    """Let `put` set columns on each issue, write those that then differ, and record it: three statements.

    None when none differs.
    """
    return bulk.change_each(issues, *columns, by=by, event=event, put=put, tell=tell, followers=_FOLLOWERS)


def write(issues: Sequence[Issue], *columns: str, edited: bool = True) -> None:
    """Send what was set on `columns` of these issues, in one statement.

    `edited` also moves `updated_at`; a mere change of place in the order does not.
    """
    bulk.write(issues, *columns, edited=edited, followers=_FOLLOWERS)


def write_rows(rows: Mapping[str, Sequence[Any]]) -> None:
    """Write columns of many issues, given as lists of one length, `id` among them: one statement."""
    bulk.write_rows(Issue, rows)


def tell(issues: Sequence[Issue]) -> None:
    """Pages that show these issues, or the board they stand on, look again."""
    boards = sorted({f"board-{issue.project_id}" for issue in issues})
    live.touch(*boards, *(f"issue-{issue.id}" for issue in issues))
