"""The daily round: files that nobody needs any more."""

from __future__ import annotations

from app.discussions.commands import purge_attachments
from app.kernel.timers import every_day


@every_day
def purge_files() -> None:
    """Those that were sent ahead and never attached, and those deleted long ago."""
    purge_attachments()
