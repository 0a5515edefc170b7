"""Operating: the console of whoever runs the installation, and what it is measured by."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.kernel.crypto import keep_secrets
from app.kernel.events import register_event
from app.operating import events, measuring
from app.operating.pages import PAGES
from app.operating.routes import bp, measures
from app.operating.visits import pass_in
from app.organizations.queries import home_of
from app.web import guard


@bp.context_processor
def _around() -> dict[str, Any]:
    return {"operator_pages": PAGES, "home_of": home_of}


def _follow_the_secrets(app: Flask) -> None:
    """Before the session's cookie is read: another process may have signed it with a key that is newer than ours."""
    inner = app.wsgi_app

    def answer(environ: Any, start: Any) -> Any:
        keep_secrets(app)
        return inner(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign, assignment]


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(measures.bp)
    measuring.init_app(app)
    _follow_the_secrets(app)
    guard.pass_with(pass_in)
    for one in events.ALL:
        register_event(one)
