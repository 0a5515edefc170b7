"""What people type about organizations, members and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.forms import AddressField
from app.kernel.access import Role
from app.kernel.words import lazy
from app.organizations import addresses
from app.organizations.member_forms import role_choices
from app.organizations.models import CustomRole, Member
from app.organizations.policies import given_by
from app.web.forms import Form, Ids, Line, at_least_something

#: Days that an invitation may stay open.
DAYS = [SelectChoice("1", "1 day"), SelectChoice("7", "7 days"), SelectChoice("30", "30 days")]
#: How many people one link may let in.
USES = [SelectChoice("1", "1 person"), *(SelectChoice(str(most), f"{most} people") for most in (5, 25, 100))]


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


class InvitationForm(Form):
    """An invitation by mail when there is an address, else a link for whoever holds it."""

    email = AddressField("Mail address", description="Leave it empty for a link that you pass on yourself.")
    role = SelectField("Role", default=Role.MEMBER.value)
    days = SelectField("Open for", choices=DAYS, coerce=int, default=7)
    uses = SelectField("Serves", choices=USES, coerce=int, default=1, description="A mailed invitation serves once.")

    def __init__(self, by: Member, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.role.choices = _roles(by)

    def validate(self, extra_validators: Any = None) -> bool:
        if not self.email.data:
            self.email.validators = []
        return super().validate(extra_validators)
