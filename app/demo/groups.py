"""How the demo is put together: teams, shelves of projects, kinds of issues, a role of its own, who can do what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from app.boards.commands.estimates import change_scale
from app.boards.commands.fields import set_estimate
from app.boards.models import Issue
from app.demo.pages import Deed
from app.kernel.access import Role, granted_to
from app.kernel.database import db
from app.organizations.commands.roles import create_role
from app.organizations.commands.skills import add_certification, set_skill
from app.organizations.groups.commands.teams import create_team, put_in_team
from app.organizations.groups.commands.workspaces import create_workspace, put_in_workspace
from app.organizations.models import Access, Level, Member, TeamRole
from app.organizations.policies import offered_to
from app.projects.commands.properties import add_property
from app.projects.commands.shelving import place_projects
from app.projects.commands.tags import create_tag, tag_projects
from app.projects.commands.types import add_type, use_types
from app.projects.models import EstimateKind, Project, PropertyKind

#: name: (what for, hue, manager, people)
_TEAMS = {
    "Product": (
        "What customers see: web, app and the parts both are made of.",
        6,
        "anna",
        ("bob", "jun", "nora", "yael"),
    ),
    "Operations": ("Halls, trucks, and the people who move things.", 4, "tomas", ("lena", "piet")),
    "Customer care": ("Answers within the hour, from six to six.", 8, "anna", ("nour", "lena")),
}
#: name: (what for, access, projects)
_SHELVES = {
    "Digital": ("Everything with a screen.", Access.PUBLIC, ("WEB", "APP", "DS")),
    "On the road": ("Halls and trucks.", Access.PRIVATE, ("WH", "FLT")),
}
_SKILLS = (
    ("tomas", "Dangerous goods", Level.EXPERT),
    ("lena", "Spanish", Level.EXPERT),
    ("jun", "Accessibility", Level.ABLE),
)
_SCALE = ("1", "2", "3", "5", "8", "13")


def deeds_of_groups(members: Mapping[str, Member], projects: Mapping[str, Project], now: datetime) -> list[Deed]:
    """Teams, shelves and kinds in the first week; estimates lately."""
    first = now - timedelta(days=187)
    return [
        (first, partial(_teams, members)),
        (first + timedelta(hours=1), partial(_shelves, members, projects)),
        (first + timedelta(hours=2), partial(_kinds, members, projects)),
        (first + timedelta(hours=3), partial(_skills, members, now)),
        (now - timedelta(days=2, hours=5), partial(_estimates, members, projects)),
    ]


def _teams(members: Mapping[str, Member]) -> None:
    by = members["alice"]
    for name, (purpose, hue, manager, people) in _TEAMS.items():
        team = create_team(name, description=purpose, hue=hue, by=by)
        put_in_team(team, [members[manager]], role=TeamRole.MANAGER, by=by)
        put_in_team(team, [members[one] for one in people], by=by)
    allowed = granted_to(Role.AGENT)
    create_role(
        name="Care lead",
        description="Answers tickets, and looks after the figures of it.",
        base=Role.AGENT,
        permissions=allowed & offered_to(by),
        by=by,
    )


def _shelves(members: Mapping[str, Member], projects: Mapping[str, Project]) -> None:
    by = members["alice"]
    for name, (purpose, access, held) in _SHELVES.items():
        shelf = create_workspace(name, access=access, description=purpose, by=by)
        put_in_workspace(shelf, [members["tomas"], members["anna"]], by=by)
        place_projects([projects[one] for one in held], shelf, by=by)
    tag = create_tag("customer-facing", hue=2, description="What people outside use.", by=by)
    tag_projects([projects["WEB"], projects["APP"]], [tag], by=by)


def _kinds(members: Mapping[str, Member], projects: Mapping[str, Project]) -> None:
    by = members["alice"]
    task = add_type("Task", by=by, icon="check", hue=6)
    bug = add_type("Bug", by=by, icon="warning", hue=1, description="Something that was right, or should be.")
    epic = add_type("Epic", by=by, icon="bolt", hue=8, level=1, description="Work of weeks, made of others.")
    add_property(bug, "Seen in", PropertyKind.CHOICE, by=by, options=("Production", "Staging", "My machine"))
    add_property(bug, "Steps", PropertyKind.TEXT, by=by)
    add_property(epic, "Promised for", PropertyKind.DATE, by=by)
    for key in ("WEB", "APP"):
        use_types(projects[key], [task, bug, epic], default=task, by=by)


def _skills(members: Mapping[str, Member], now: datetime) -> None:
    for key, skill, level in _SKILLS:
        set_skill(members[key], skill, level, by=members[key])
    add_certification(members["tomas"], "ADR, class 3", (now + timedelta(days=20)).date(), by=members["tomas"])


def _estimates(members: Mapping[str, Member], projects: Mapping[str, Project]) -> None:
    web, by = projects["WEB"], members["anna"]
    points = change_scale(web, EstimateKind.POINTS, _SCALE, {}, by=by)
    issues = db.session.scalars(select(Issue).where(Issue.project_id == web.id).order_by(Issue.number)).all()
    for turn, point in enumerate(points):
        # Small things are many, large ones few.
        some = [issue for issue in issues if issue.number % 9 == turn or (turn < 2 and issue.number % 9 == 8 - turn)]
        set_estimate(some, point, by=by)
