"""Projects: bodies of planned work, their states, labels and members. Its noun is `project`."""

from __future__ import annotations

from flask import Flask

from app.kernel.events import register
from app.projects import events, nouns
from app.projects.queries import project_keys
from app.projects.routes import bp
from app.search import audiences


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register(nouns.project, events=events.ALL)
    audiences.hold("projects", project_keys)
