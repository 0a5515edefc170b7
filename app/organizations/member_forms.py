"""What people type about roles, single permissions, and what is known of members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.kernel.access import Role, allows, by_title
from app.kernel.words import lazy
from app.organizations.models import Availability, CustomRole, Level, Member
from app.organizations.policies import BASES, MEANS, NAMES, is_above, offered_to
from app.web.forms import Form, Line, at_least_something

#: Days for which a permission is given; 0: for good.
_DAYS = ((1, lazy("1 day")), (7, lazy("7 days")), (30, lazy("30 days")), (90, lazy("90 days")), (0, lazy("For good")))


class OwnRoleForm(Form):
    """A role of the organization's own. Only what the member's own role allows is offered."""

    name = Line(lazy("Name"), most=60, validators=[at_least_something])
    description = Line(lazy("What it is for"), most=300)
    base = SelectField(
        lazy("Stands with"),
        description=lazy(
            "Where something asks for a built-in role, this one counts. Nobody gives a role above theirs."
        ),
    )
    permissions = SelectMultipleField(lazy("Permissions"), validators=[at_least_something])

    def __init__(self, by: Member, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.base.choices = [SelectChoice(role.value, str(NAMES[role])) for role in BASES if not is_above(by, role)]
        offered = offered_to(by)
        self.permissions.choices = [SelectChoice(name, allows(name)) for name in sorted(offered)]
        self.matrix = [(title, [(name, allows(name)) for name in names]) for title, names in by_title(offered)]


class RoleDeletionForm(Form):
    """Where those go who have the role."""

    into = SelectField(lazy("Who has it becomes"))

    def __init__(self, choices: list[SelectChoice], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.into.choices = choices


def role_choices(roles: Sequence[Role], own: Sequence[CustomRole]) -> list[SelectChoice]:
    """Built-in roles and the organization's own, as one field offers them."""
    built_in = [SelectChoice(role.value, f"{NAMES[role]}: {MEANS[role]}") for role in roles]
    return built_in + [
        SelectChoice(f"own-{role.id}", f"{role.name}: {role.description}" if role.description else role.name)
        for role in own
    ]


class GrantForm(Form):
    """One permission that somebody's role does not have, until a time."""

    permission = SelectField(lazy("May"))
    days = SelectField(lazy("For"), coerce=int, default=7)
    reason = Line(lazy("Why"), most=300, validators=[at_least_something])

    def __init__(self, by: Member, other: Member, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        offered = offered_to(by) - other.lasting
        self.permission.choices = {
            title: [SelectChoice(name, allows(name)) for name in names] for title, names in by_title(offered)
        }
        self.days.choices = [SelectChoice(str(days), str(words)) for days, words in _DAYS]

    @property
    def until(self) -> datetime | None:
        return datetime.now(UTC) + timedelta(days=self.days.data) if self.days.data else None


class AvailabilityForm(Form):
    availability = SelectField(lazy("Is"))
    away_until = DateField(
        lazy("Back on"),
        validators=[Optional()],
        description=lazy("On that day they are available again by themselves."),
    )
    most_tickets = IntegerField(
        lazy("Tickets at once"),
        validators=[Optional(), NumberRange(min=1, max=1000, message=lazy("1 to 1,000, or nothing."))],
        description=lazy("Who gives them more is warned. Empty: any number."),
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.availability.choices = [SelectChoice(one.value, str(one.label)) for one in Availability]


class SkillForm(Form):
    name = Line(lazy("Skill"), most=60, validators=[at_least_something])
    level = SelectField(lazy("Level"), default=Level.ABLE.value)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.level.choices = [SelectChoice(one.value, str(one.label)) for one in Level]


class CertificationForm(Form):
    name = Line(lazy("Certification"), most=120, validators=[at_least_something])
    expires_on = DateField(lazy("Runs out on"), validators=[Optional()])


class OwnerForm(Form):
    """Another owner, with or without stepping down oneself."""

    member = IntegerField(lazy("Colleague"), validators=[InputRequired(lazy("Choose somebody."))])
    stepping_down = BooleanField(
        lazy("I become an admin"), default=True, description=lazy("Else there is one owner more.")
    )


class HandingOverForm(Form):
    """To whom a leaver's work goes; nobody: it is left unassigned, and what was theirs alone stays theirs."""

    successor = SelectField(lazy("Their open work goes to"), coerce=int, default=0)

    def __init__(self, successors: list[tuple[int, str]], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        nobody = SelectChoice("0", str(lazy("nobody: it is left without anybody")))
        self.successor.choices = [nobody, *(SelectChoice(str(number), name) for number, name in successors)]


class DeletionForm(Form):
    """The organization's name, typed by hand."""

    name = Line(lazy("Its name"), most=80)

    def __init__(self, wanted: str, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.wanted = wanted

    def validate_name(self, field: Line) -> None:
        if " ".join((field.data or "").split()) != " ".join(self.wanted.split()):
            raise ValidationError(str(lazy("This is not its name.")))
