"""Discussions: what people say to each other about a noun, and the files that go with it. On any noun with `readers`.

A room above shows comments by `queries.discussion_of(row, member)` and the macros of `discussions/_discussion.html`,
the noun's own files by `attachments(row)` of `discussions/_attachments.html`. The addresses are the same for all nouns.
What is said or attached is recorded as an activity of the noun itself, so its watchers hear.
"""

from __future__ import annotations

from flask import Flask

from app.discussions import events, exporting, jobs, queries, routes  # noqa: F401 - the daily job
from app.discussions.routes import comments
from app.kernel.events import noun_of, register_event


def init_app(app: Flask) -> None:
    app.register_blueprint(routes.bp)
    for event in events.ALL:
        register_event(event)
    app.jinja_env.globals.update(
        noun_of=noun_of,
        comment_draft=comments.draft_key,
        comment_edit_draft=comments.edit_key,
        attachments_of=queries.attachments_of,
        waiting_for=queries.waiting_for,
        most_bytes=routes.most_bytes,
    )
    app.jinja_env.filters["filesize"] = file_size


def file_size(size: int) -> str:
    """Bytes as people read them: "812 bytes", "3.4 KB", "12 MB"."""
    if size < 1000:
        return f"{size} byte{'s' if size != 1 else ''}"
    value, unit = size / 1000, "KB"
    for larger in ("MB", "GB"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
