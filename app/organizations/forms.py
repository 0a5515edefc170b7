"""What people type about organizations, members and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.kernel.access import Role
from app.kernel.words import lazy
from app.organizations import addresses
from app.organizations.member_forms import role_choices
from app.organizations.models import CustomRole, Member
from app.organizations.policies import given_by
from app.web.forms import Form, Ids, Line, at_least_something


class OrganizationForm(Form):
    name = Line(lazy("Name"), most=80, validators=[at_least_something])
    slug = Line(lazy("Address"), most=addresses.LONGEST, description=lazy("Small letters, digits and hyphens."))

    def validate_slug(self, field: Line) -> None:
        field.data = (field.data or addresses.suggest(self.name.data or "")).lower()
        if objection := addresses.objection(field.data):
            raise ValidationError(objection)


def _roles(member: Member) -> list[SelectChoice]:
    return role_choices(given_by(member), [])


class RoleForm(Form):
    """One role for one member or many. Owners are made on a page of their own, by who has just proved who they are."""

    ids = Ids(lazy("Members"))
    role = SelectField(lazy("Role"))

    def __init__(self, by: Member, own: Sequence[CustomRole], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.own = {f"own-{role.id}": role for role in own}
        self.role.choices = role_choices([role for role in given_by(by) if role is not Role.OWNER], own)

    @property
    def chosen(self) -> Role | CustomRole:
        return self.own.get(self.role.data) or Role(self.role.data)


class MembersForm(Form):
    ids = Ids(lazy("Members"))
