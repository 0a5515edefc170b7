"""Web: the one way from a request to a command and back. Guard, replies, forms, errors, CSP, live heartbeat.

Nothing here knows a room; rooms hand in what only they know (`guard.enter_with`, `replies.context`).
"""

from __future__ import annotations

from flask import Flask

from app.web import assets, csp, drawn, errors, filters, guard, health, live, logs, safety, transaction, words
from app.web.urls import carry_organization


def init_app(app: Flask) -> None:
    logs.init_app(app)
    transaction.init_app(app)  # first registered, so its after_request runs last
    words.init_app(app)
    csp.init_app(app)
    carry_organization(app)
    safety.init_app(app)
    guard.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    filters.init_app(app)
    drawn.init_app(app)
    live.init_app(app)
    health.init_app(app)
