"""How teams and workspaces are named, found and told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.events import Field, Noun
from app.organizations.groups import policies
from app.organizations.models import Member, Team, Workspace


def _names(model: Any, ids: set[Any]) -> Mapping[Any, str]:
    return {row.id: row.name for row in db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))}


def _members(ids: set[Any]) -> Mapping[Any, str]:
    return _names(Member, ids)


def _roles(values: set[Any]) -> Mapping[Any, str]:
    """`3:manager` as "Alice: manager"."""
    parted = {value: str(value).partition(":") for value in values if value}
    names = _members({int(who) for who, _, _ in parted.values()})
    return {value: f"{names.get(int(who), '')}: {role}" for value, (who, _, role) in parted.items()}


_PEOPLE = {"people": Field("people", read=_members), "roles": Field("roles", read=_roles)}

team = Noun(
    name="team",
    model=Team,
    icon="users",
    title=lambda row: row.name,
    url=lambda row: url_for("organizations.show_team", team_id=row.id),
    visible=policies.teams_visible_to,
    audience=lambda row: ("colleagues",),
    plural="Teams",
    text=lambda row: (row.description,),
    fields={
        "name": Field("name"),
        "emoji": Field("emoji"),
        "description": Field("purpose", silent=True),
        "parent_id": Field("part of", read=lambda ids: _names(Team, ids)),
        **_PEOPLE,
    },
)

workspace = Noun(
    name="workspace",
    model=Workspace,
    icon="layers",
    title=lambda row: row.name,
    url=lambda row: url_for("organizations.show_workspace", workspace_id=row.id),
    visible=policies.workspaces_visible_to,
    audience=lambda row: ("colleagues",),
    plural="Workspaces",
    text=lambda row: (row.description,),
    fields={
        "name": Field("name"),
        "emoji": Field("emoji"),
        "description": Field("purpose", silent=True),
        "access": Field("open to"),
        "inherits": Field("opens its projects"),
        **_PEOPLE,
    },
)
