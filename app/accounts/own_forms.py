"""What people write on the pages of their own account."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import ValidationError

from app.accounts.forms import AddressField, zone_choices
from app.accounts.models import NAMES, Details, Theme, Topic
from app.kernel import words
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, Line, at_least_something

THEMES = [
    SelectChoice(Theme.SYSTEM.value, lazy("As the system")),
    SelectChoice(Theme.LIGHT.value, lazy("Light")),
    SelectChoice(Theme.DARK.value, lazy("Dark")),
]
TOPICS = {
    Topic.NEWS: (lazy("What is new"), lazy("Now and then: what came to Trestleboard, and what will.")),
    Topic.TIPS: (lazy("Tips"), lazy("One thing at a time that makes the day's work quicker.")),
}


class ProfileForm(Form):
    name = Line(lazy("Name"), most=120, validators=[at_least_something])
    job_title = Line(lazy("Job title"), most=80, description=lazy("Colleagues see it beside your name."))


class PictureForm(Form):
    picture = FileField(lazy("Picture"), description=lazy("PNG, JPEG, GIF or WebP, at most 8 MB. Its middle is shown."))

    def validate_picture(self, field: FileField) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choose a picture first."))


class PreferencesForm(Form):
    timezone = SelectField(lazy("Time zone"), description=lazy("Due dates and times are shown as they are here."))
    language = SelectField(lazy("Language"))
    week_starts_on = SelectField(lazy("A week begins on"), coerce=int)
    theme = RadioField(lazy("Theme"), choices=THEMES)
    keys = BooleanField(lazy("Single-key shortcuts"), description=lazy("Off: only keys with Ctrl or ⌘ work, and Esc."))

    def __init__(self, *args: Any, zone: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.timezone.choices = zone_choices(zone)
        self.language.choices = [SelectChoice("", _("As the browser asks")), *_languages()]
        names = Locale.parse(words.language()).days["format"]["wide"]
        self.week_starts_on.choices = [SelectChoice(day, names[day].capitalize()) for day in (0, 5, 6)]


class ThemeForm(Form):
    theme = RadioField(lazy("Theme"), choices=THEMES)


class NewslettersForm(Form):
    """One box a topic, named as the topic is."""

    news = BooleanField(TOPICS[Topic.NEWS][0], description=TOPICS[Topic.NEWS][1])
    tips = BooleanField(TOPICS[Topic.TIPS][0], description=TOPICS[Topic.TIPS][1])


class DetailsForm(Form):
    """All optional. Secrets are never sent back: an empty one stays as it is."""

    gender = Line(lazy("Gender"), most=60)
    ethnicity = Line(lazy("Ethnicity"), most=60)
    country_of_origin = SelectField(lazy("Country of origin"))
    phone = Line(lazy("Phone"), most=40)
    billing_address = Line(lazy("Billing address"), most=300)
    account_holder = Line(lazy("Account holder"), most=120)
    bank_name = Line(lazy("Bank"), most=120)
    branch_name = Line(lazy("Branch"), most=120)
    account_number = Line(lazy("IBAN or account number"), most=50)
    bank_code = Line(lazy("BIC or IFSC"), most=14)
    upi_id = Line(lazy("UPI address"), most=120)
    tax_number = Line(lazy("Tax number"), most=40)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        named = sorted(Locale.parse(words.language()).territories.items(), key=lambda item: item[1])
        lands = [SelectChoice(code, name) for code, name in named if len(code) == 2 and code.isalpha() and code != "ZZ"]
        self.country_of_origin.choices = [SelectChoice("", _("Not said")), *lands]

    @property
    def said(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in NAMES}

    @classmethod
    def of(cls, details: Details, secret: tuple[str, ...]) -> DetailsForm:
        """The form as things are, without what is secret."""
        return cls(None, **{name: "" if name in secret else getattr(details, name) for name in NAMES})


class RestorationForm(Form):
    """Asks for the letter that restores an account."""

    email = AddressField()


def _languages() -> list[SelectChoice]:
    """By the name that their readers use."""
    offered = ((code, Locale.parse(code).get_display_name(code) or code) for code in words.languages())
    return [SelectChoice(code, name[:1].upper() + name[1:]) for code, name in offered]
