"""How connections are named and told of."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import ColumnElement, false, true

from app.kernel.events import Field, Noun
from app.kernel.words import lazy
from app.organizations.models import Member, SsoConnection
from app.organizations.policies import P


def visible_to(member: Member) -> ColumnElement[bool]:
    """Whoever says how members sign in."""
    return true() if member.may(P.SIGN_IN) else false()


connection = Noun(
    name="sso_connection",
    model=SsoConnection,
    icon="key",
    title=lambda row: row.name,
    url=lambda row: url_for("organizations.show_connection", connection_id=row.id),
    visible=visible_to,
    audience=lambda row: ("admins",),
    fields={
        "name": Field(lazy("name")),
        "issuer": Field(lazy("issuer")),
        "client_id": Field(lazy("client")),
        "enabled": Field(lazy("switched on")),
        "makes_members": Field(lazy("makes members")),
        "domains": Field(lazy("mail domains")),
    },
)
