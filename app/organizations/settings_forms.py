"""What people type about an organization itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_name, list_currencies
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.forms import zone_choices
from app.kernel.words import language, lazy
from app.organizations import addresses
from app.organizations.models import CompanySize, Member
from app.web.forms import Form, KnownVersion, Line, at_least_something

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_SIZES = {
    CompanySize.ONE: lazy("1 person"),
    CompanySize.FEW: lazy("2 to 10"),
    CompanySize.SOME: lazy("11 to 50"),
    CompanySize.MANY: lazy("51 to 200"),
    CompanySize.HUNDREDS: lazy("201 to 1,000"),
    CompanySize.THOUSANDS: lazy("more than 1,000"),
}


class SettingsForm(Form):
    name = Line(lazy("Name"), most=80, validators=[at_least_something])
    timezone = SelectField(lazy("Time zone"), description=lazy("Days begin and end here."))
    currency = SelectField(lazy("Currency"), description=lazy("What money is shown in."))
    company_size = SelectField(lazy("Size of the company"), coerce=lambda value: value or None)
    mail_domain = Line(
        lazy("Mail domain"),
        most=253,
        description=lazy("As in example.com. Members with another address are marked as from outside."),
    )
    contact = Line(lazy("Contact"), most=300, description=lazy("How people from outside reach who is responsible."))
    version = KnownVersion()

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.timezone.choices = zone_choices(self.timezone.object_data or "UTC")
        self.currency.choices = currency_choices()
        self.company_size.choices = [
            SelectChoice("", str(lazy("not said"))),
            *(SelectChoice(size.value, str(words)) for size, words in _SIZES.items()),
        ]

    def validate_mail_domain(self, field: Line) -> None:
        field.data = (field.data or "").lower().removeprefix("@") or None
        if field.data and not _DOMAIN.fullmatch(field.data):
            raise ValidationError(str(lazy("This is no domain. It looks like example.com.")))


def currency_choices() -> list[SelectChoice]:
    """The currencies in use, by their ISO 4217 codes, with their names in the reader's language."""
    return [SelectChoice(code, f"{code} · {get_currency_name(code, locale=language())}") for code in sorted(_in_use())]


def _in_use() -> set[str]:
    at_present = {
        code
        for entries in get_global("territory_currencies").values()
        for code, _, end, tender in entries
        if tender and end is None
    }
    return at_present & list_currencies()


class SlugForm(Form):
    slug = Line(lazy("Address"), most=addresses.LONGEST)

    def validate_slug(self, field: Line) -> None:
        field.data = (field.data or "").lower()
        if objection := addresses.objection(field.data):
            raise ValidationError(objection)


class PictureForm(Form):
    """A logo or a cover."""

    picture = FileField(lazy("Picture"), description=lazy("PNG, JPEG, GIF or WebP, at most 5 MB."))


class DefaultsForm(Form):
    """What new projects begin with."""

    assignee = SelectField(
        lazy("Issues go to"), coerce=int, default=0, description=lazy("Who gets what nobody is assigned to.")
    )
    state = Line(
        lazy("Issues begin in"),
        most=60,
        description=lazy("The name of a state. It is made where a project does not have it. Empty: the first."),
    )

    def __init__(self, people: Sequence[Member], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        nobody = SelectChoice("0", str(lazy("nobody")))
        self.assignee.choices = [nobody, *(SelectChoice(str(person.id), person.name) for person in people)]
