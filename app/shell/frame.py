"""The frame around every page: where one is, where one can go, and how much waits there.

Templates call `frame()`, so replies that draw no sidebar cost no statement. All is derived from the page's path: a
refetched sidebar says in `at` which page it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_login import current_user
from sqlalchemy import select

from app.kernel.access import Role
from app.kernel.database import db
from app.organizations.models import Member, initials
from app.organizations.policies import NAMES
from app.organizations.queries import switchable
from app.organizations.routes.settings import logo_of
from app.projects.models import Project, ProjectStatus
from app.projects.policies import visible_to
from app.search.places import Place
from app.search.queries.trails import Kept, Thing, favourites_of, latest_visits
from app.shell import places
from app.shell.queries import count_work
from app.web.guard import leads_to
from app.web.live import shows

#: Projects that the sidebar lists; the rest stand under "All projects".
MOST_PROJECTS = 40
#: Things opened last that it lists.
LATEST = 6
_OF_PROJECT = re.compile(r"^/[^/]+/(?:projects/([A-Z][A-Z0-9]*)(?:/|$)|issues/([A-Z][A-Z0-9]*)-\d+)")


@dataclass(frozen=True)
class Switch:
    """One of the person's organizations."""

    slug: str
    name: str
    initials: str
    hue: int
    url: str
    here: bool
    #: Where its logo stands, if it has one.
    logo: str | None
    #: What the person is there, as it is called.
    role: str


@dataclass(frozen=True)
class Frame:
    organizations: Sequence[Switch]
    #: (id, name, identifier, emoji, board's address) of projects the member sees.
    projects: Sequence[Any]
    #: The one this page belongs to, if any.
    project: Any | None
    places: dict[str, Place]
    #: Those of them that lead to tickets, dashboards, labelling and pages.
    surfaces: Sequence[Place]
    favourites: Sequence[Kept]
    recent: Sequence[Thing]
    #: Open issues assigned to the member; at most 100 are counted.
    work: int
    #: The path of the page that this frame stands around.
    at: str

    def current(self, url: str) -> bool:
        return url == self.at


def frame(at: str | None = None) -> Frame:
    """Around the page at this path. Five statements, and one for each noun among favourites and latest visits."""
    member: Member = g.member
    shows("projects", f"inbox-{member.id}", f"favourites-{member.id}")
    at = at or request.path
    projects = [
        (row, url_for("boards.show_board", identifier=row.identifier))
        for row in db.session.execute(
            select(Project.id, Project.name, Project.identifier, Project.emoji, Project.features_off)
            .where(visible_to(member), Project.status != ProjectStatus.ARCHIVED)
            .order_by(Project.name, Project.id)
            .limit(MOST_PROJECTS)
        )
    ]
    here = _OF_PROJECT.match(at)
    identifier = here and (here[1] or here[2])
    open_to = {place.endpoint: place for place in places.ALL if leads_to(place.endpoint, member)}
    return Frame(
        organizations=[_switch(row) for row in switchable()],
        projects=projects,
        project=next((row for row, _ in projects if row.identifier == identifier), None),
        places=open_to,
        surfaces=[place for place in places.SURFACES if place.endpoint in open_to],
        favourites=favourites_of(member),
        recent=latest_visits(member, LATEST),
        work=count_work(member) if leads_to(places.WORK.endpoint, member) else 0,
        at=at,
    )


def _switch(row: Any) -> Switch:
    home = url_for("shell.show_home", organization=row.slug)
    role = str(NAMES[Role(row.role)]) if row.role in {one.value for one in Role} else row.role
    face = initials(row.name), row.id % 8 + 1
    return Switch(row.slug, row.name, *face, home, row.id == g.organization.id, logo_of(row), role)


def init_app(app: Flask) -> None:
    @app.context_processor
    def around() -> dict[str, Any]:
        """What the layout asks for. Nothing here costs a statement until a template calls it."""
        found: dict[str, Any] = {"frame": frame, "leads_to": lambda endpoint: leads_to(endpoint, g.get("member"))}
        if g.get("member"):
            found["palette_url"] = url_for("search.show_palette")
            found["keys"] = "on" if current_user.keys else "off"
            found["draft_url"] = url_for("documents.save_draft")
        elif current_user and current_user.is_authenticated:
            found["keys"] = "on" if current_user.keys else "off"
        return found
