"""How API keys are named, found and told of."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import ColumnElement, true

from app.kernel.access import rule
from app.kernel.events import Field, Noun
from app.kernel.words import lazy
from app.organizations.models import ApiKey, Member
from app.organizations.policies import P


def visible_to(member: Member) -> ColumnElement[bool]:
    """One's own; everybody's for who looks after them."""
    return true() if member.may(P.ALL_KEYS) else ApiKey.member_id == member.id


@rule(P.USE_KEYS)
def may_use(member: Member, key: ApiKey) -> bool:
    return member.may(P.ALL_KEYS) or (member.may(P.USE_KEYS) and key.member_id == member.id)


key = Noun(
    name="api_key",
    model=ApiKey,
    icon="key",
    title=lambda row: row.name,
    url=lambda row: url_for("organizations.list_keys"),
    visible=visible_to,
    audience=lambda row: (f"member:{row.member_id}",),
    fields={
        "name": Field(lazy("name")),
        "scopes": Field(lazy("scopes")),
        "expires_at": Field(lazy("good until")),
        "revoked_at": Field(lazy("revoked on")),
    },
)
