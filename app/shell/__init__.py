"""Shell: the frame around every page, home, a person's work, and what they set for themselves."""

from __future__ import annotations

from flask import Flask

from app.boards.queries.finding import as_found, find_issues
from app.search import finders
from app.search import places as known_places
from app.shell import frame, places
from app.shell.finding import find_projects, project_found
from app.shell.routes import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    known_places.add(*places.ALL)
    known_places.show_people_at("shell.show_work_of")
    finders.find_by("Projects", find_projects)
    finders.find_by("Issues", find_issues)
    finders.show_as("project", project_found)
    finders.show_as("issue", as_found)
    frame.init_app(app)
