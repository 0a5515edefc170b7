"""What is said about a new API key."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.kernel.access import allows
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.keys.scopes import READ, offered
from app.organizations.models import Member
from app.web.forms import Form, Line, at_least_something

DAYS = (
    (30, lazy("30 days")),
    (90, lazy("90 days")),
    (365, lazy("a year")),
    (0, lazy("as long as I am here")),
)


class KeyForm(Form):
    name = Line(lazy("Name"), most=80, validators=[at_least_something], description=lazy("What the program is."))
    days = SelectField(lazy("Good for"), coerce=int, default=90)
    reach = RadioField(lazy("It may"), default=READ)
    scopes = SelectMultipleField(lazy("Permissions"), validate_choice=True)

    def __init__(self, member: Member, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.days.choices = [SelectChoice(days, str(says)) for days, says in DAYS]
        self.reach.choices = [
            SelectChoice(READ, _("read all that I can read, and change nothing")),
            SelectChoice("chosen", _("do what is ticked below")),
        ]
        self.scopes.choices = [SelectChoice(name, allows(name)) for name in offered(member)]

    def validate_scopes(self, field: Any) -> None:
        if self.reach.data != READ and not field.data:
            raise ValidationError(_("Tick at least one."))

    @property
    def wanted(self) -> list[str]:
        return [READ] if self.reach.data == READ else list(self.scopes.data or [])
