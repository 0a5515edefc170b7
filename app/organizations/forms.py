"""What people type about organizations, members and invitations."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.forms import AddressField, zone_choices
from app.kernel.access import Role
from app.organizations import addresses
from app.organizations.models import Member
from app.organizations.policies import MEANS, given_by
from app.web.forms import Form, Ids, Line, at_least_something

#: Days that an invitation may stay open.
DAYS = [SelectChoice("1", "1 day"), SelectChoice("7", "7 days"), SelectChoice("30", "30 days")]
#: How many people one link may let in.
USES = [SelectChoice("1", "1 person"), *(SelectChoice(str(most), f"{most} people") for most in (5, 25, 100))]


class OrganizationForm(Form):
    name = Line("Name", most=80, validators=[at_least_something])
    slug = Line("Address", most=addresses.LONGEST, description="Small letters, digits and hyphens. It stays.")

    def validate_slug(self, field: Line) -> None:
        field.data = (field.data or addresses.suggest(self.name.data or "")).lower()
        if objection := addresses.objection(field.data):
            raise ValidationError(objection)


class SettingsForm(Form):
    name = Line("Name", most=80, validators=[at_least_something])
    timezone = SelectField("Time zone", description="Days begin and end here.")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.timezone.choices = zone_choices(self.timezone.object_data or "UTC")


def _roles(member: Member) -> list[SelectChoice]:
    return [SelectChoice(role.value, f"{role.value.capitalize()}: {MEANS[role]}") for role in given_by(member)]


class RoleForm(Form):
    """One role for one member or many."""

    ids = Ids("Members")
    role = SelectField("Role")

    def __init__(self, by: Member, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.role.choices = _roles(by)


class MembersForm(Form):
    ids = Ids("Members")


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
