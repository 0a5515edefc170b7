"""Projects: bodies of planned work, their states, labels and members. Its noun is `project`."""

from __future__ import annotations

from flask import Flask

from app.kernel.events import register
from app.organizations.groups import beside
from app.projects import events, nouns
from app.projects.closing import refuse_in_archived
from app.projects.commands.people import follow_groups
from app.projects.queries import project_keys
from app.projects.routes import bp
from app.search import audiences
from app.web import guard


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register(nouns.project, events=events.ALL)
    register(nouns.project_tag, events=events.OF_TAGS)
    guard.closed_by(refuse_in_archived)
    audiences.hold("projects", project_keys)
    beside.when_access_moves("projects", follow_groups)
