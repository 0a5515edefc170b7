"""How the noun `project` shows itself to those who list it, tell its history or link to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.events import Field, Noun
from app.organizations.models import Member, Team, Workspace
from app.projects import policies
from app.projects.models import Project, ProjectTag


def _names(model: Any, ids: set[Any]) -> Mapping[Any, str]:
    rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _roles(values: set[Any]) -> Mapping[Any, str]:
    """`3:admin` as "Alice: admin"."""
    parted = {value: str(value).partition(":") for value in values if value}
    names = _members({int(who) for who, _, _ in parted.values()})
    return {value: f"{names.get(int(who), '')}: {role}" for value, (who, _, role) in parted.items()}


def _members(ids: set[Any]) -> Mapping[Any, str]:
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))
    return {row.id: row.name for row in rows}


project = Noun(
    name="project",
    model=Project,
    icon="folder",
    title=lambda project: project.name,
    url=lambda project: url_for("projects.show_project", identifier=project.identifier),
    visible=policies.visible_to,
    audience=lambda project: [f"project:{project.id}"],
    text=lambda project: (project.identifier, project.description),
    fields={
        "name": Field("name"),
        "emoji": Field("emoji"),
        "description": Field("purpose", silent=True),
        "lead_id": Field("lead", read=_members),
        "default_assignee_id": Field("default assignee", read=_members),
        "people": Field("people", read=_members),
        "roles": Field("roles", read=_roles),
        "teams": Field("teams", read=lambda ids: _names(Team, ids)),
        "tags": Field("tags", read=lambda ids: _names(ProjectTag, ids)),
        "workspace_id": Field("workspace", read=lambda ids: _names(Workspace, ids)),
    },
)

project_tag = Noun(
    name="project_tag",
    model=ProjectTag,
    icon="tag",
    title=lambda tag: tag.name,
    url=lambda tag: url_for("projects.list_projects", tag=tag.id),
    visible=policies.tags_visible_to,
    audience=lambda tag: ("colleagues",),
    fields={"name": Field("name"), "hue": Field("colour"), "description": Field("purpose", silent=True)},
)
