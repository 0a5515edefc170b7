"""Projects: bodies of planned work, their states, labels and members. Its noun is `project`."""

from __future__ import annotations

from flask import Flask

from app.kernel.events import register
from app.kernel.words import lazy
from app.organizations.groups import beside
from app.organizations.joins import offer_place
from app.organizations.settings import add_page
from app.projects import events, joining, nouns, settings
from app.projects.closing import refuse_in_archived
from app.projects.commands.people import follow_groups
from app.projects.queries import project_keys
from app.projects.queries.groups import projects_of_team, projects_of_workspace
from app.projects.routes import bp
from app.search import audiences
from app.web import guard

#: What all projects share, in the organization's settings.
SHARED_PAGES = {
    "projects.list_types": lazy("Types of issues"),
    "projects.list_shared_labels": lazy("Labels"),
    "projects.list_tags": lazy("Project tags"),
    "projects.list_groups": lazy("Groups of projects"),
    "projects.list_templates": lazy("Templates of projects"),
}


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register(nouns.project, events=events.ALL)
    register(nouns.project_tag, events=events.OF_TAGS)
    app.context_processor(lambda: {"project_settings_pages": settings.PAGES})
    for endpoint, text in SHARED_PAGES.items():
        add_page(endpoint, text)
    guard.closed_by(refuse_in_archived)
    audiences.hold("projects", project_keys)
    beside.when_access_moves("projects", follow_groups)
    offer_place("project", joining.projects)
    beside.show_part("team", "projects", beside.Part("projects/groups/_projects.html", projects_of_team))
    beside.show_part("workspace", "projects", beside.Part("projects/groups/_projects.html", projects_of_workspace))
