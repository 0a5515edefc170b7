"""How organizations, members and invitations are named, found and told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from app.kernel.access import Role
from app.kernel.events import Field, Noun
from app.organizations import commands, policies
from app.organizations.models import Availability, CustomRole, Invitation, Member, Organization
from app.organizations.policies import P
from app.organizations.queries import home_of
from app.organizations.queries.roles import own_roles


def _moments(values: set[Any]) -> Mapping[Any, str]:
    """Moments as histories keep them, down to the minute."""
    return {value: str(value)[:16].replace("T", " ") + " UTC" for value in values if value}


def _roles(values: set[Any]) -> Mapping[Any, str]:
    return {value: str(policies.NAMES[Role(value)]) for value in values if value}


def _own_roles(values: set[Any]) -> Mapping[Any, str]:
    return {number: role.name for number, role in own_roles(values).items()}


def _availabilities(values: set[Any]) -> Mapping[Any, str]:
    return {value: str(Availability(value).label) for value in values if value}


organization = Noun(
    name="organization",
    model=Organization,
    icon="building",
    title=lambda row: row.name,
    url=lambda row: home_of(row.slug),
    visible=policies.organizations_visible_to,
    audience=lambda row: ("everybody",),
    fields={
        "name": Field("name"),
        "slug": Field("address"),
        "timezone": Field("time zone"),
        "currency": Field("currency"),
        "plan": Field("plan"),
        "company_size": Field("size"),
        "mail_domain": Field("mail domain"),
        "contact": Field("contact"),
        "logo": Field("logo", silent=True),
        "cover": Field("cover", silent=True),
        "deleted_at": Field("deleted on", read=_moments),
    },
)

member = Noun(
    name="member",
    model=Member,
    icon="user",
    title=lambda row: row.name,
    url=lambda row: url_for("organizations.show_member", member_id=row.id),
    visible=policies.members_visible_to,
    audience=lambda row: ("colleagues",),
    fields={
        "name": Field("name"),
        "role": Field("role", read=_roles),
        "custom_role_id": Field("own role", read=_own_roles),
        "left_at": Field("left on", read=_moments),
        "availability": Field("availability", read=_availabilities),
        "away_until": Field("away until"),
        "most_tickets": Field("tickets at once"),
    },
)

role = Noun(
    name="role",
    model=CustomRole,
    icon="lock",
    title=lambda row: row.name,
    url=lambda row: url_for("organizations.show_role", role_id=row.id),
    visible=policies.roles_visible_to,
    audience=lambda row: ("role:edit",),
    fields={"name": Field("name"), "description": Field("description"), "base": Field("base", read=_roles)},
)

invitation = Noun(
    name="invitation",
    model=Invitation,
    icon="mail",
    title=lambda row: f"the invitation of {row.email}" if row.email else f"the link for {row.role}s",
    url=lambda row: url_for("organizations.list_invitations"),
    visible=policies.invitations_visible_to,
    audience=lambda row: ("admins",),
    fields={
        "role": Field("role", read=_roles),
        "email": Field("mail address"),
        "max_uses": Field("people it serves"),
        "uses": Field("people it served"),
        "expires_at": Field("open until", read=_moments),
        "revoked_at": Field("taken back on", read=_moments),
    },
)

MEMBER_ACTIONS = (
    (P.EDIT_MEMBERS, commands.change_roles),
    (P.EDIT_MEMBERS, commands.remove_members),
    (P.LEAVE, commands.leave),
    (P.GRANT, commands.grant_permission),
)
ROLE_ACTIONS = ((P.EDIT_ROLES, commands.edit_role), (P.EDIT_ROLES, commands.delete_role))
INVITATION_ACTIONS = ((P.INVITE, commands.revoke_invitations), (P.INVITE, commands.renew_invitation))
