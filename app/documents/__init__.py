"""Documents: Markdown, versions, what differs between them, and drafts of half-typed forms.

Other rooms' nouns point at a document and record its changes themselves (`commands.Written` says what to record).
"""

from __future__ import annotations

from flask import Flask

from app.documents import commands, queries
from app.documents.routes import bp
from app.kernel.timers import alarm


@alarm
def purge_drafts(subject_id: int | None) -> None:
    """Rings when the oldest draft may have grown too old."""
    commands.purge_drafts()


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["draft_of"] = queries.draft_of
