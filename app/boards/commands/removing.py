"""Deleting issues, and bringing them back."""

from __future__ import annotations

from collections.abc import Sequence

from app.boards import events
from app.boards.commands.writing import change_each
from app.boards.models import Issue
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now


def delete_issues(issues: Sequence[Issue], *, by: Actor) -> ledger.Activity | None:
    """Put issues into the bin. They keep their numbers, which are never given again. None when all were there."""
    at = now()

    def put(issue: Issue) -> None:
        issue.deleted_at = issue.deleted_at or at

    return change_each(issues, "deleted_at", event=events.DELETED, by=by, put=put)


def restore_issues(issues: Sequence[Issue], *, by: Actor) -> ledger.Activity | None:
    """Take issues out of the bin, to where they stood. None when none was there."""

    def put(issue: Issue) -> None:
        issue.deleted_at = None

    return change_each(issues, "deleted_at", event=events.RESTORED, by=by, put=put)
