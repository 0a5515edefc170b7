"""How the noun `project` shows itself to those who list it, tell its history or link to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.events import Field, Noun
from app.organizations.models import Member
from app.projects import policies
from app.projects.models import Project


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
    },
)
