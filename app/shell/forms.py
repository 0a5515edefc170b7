"""What people set for themselves."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import ValidationError

from app.accounts.forms import SecretField, zone_choices
from app.accounts.models import Theme
from app.accounts.passwords import SHORTEST
from app.inbox.models import Reason
from app.inbox.preferences import LABELS
from app.web.forms import Form, Line, at_least_something

THEMES = [
    SelectChoice(Theme.SYSTEM.value, "As the system"),
    SelectChoice(Theme.LIGHT.value, "Light"),
    SelectChoice(Theme.DARK.value, "Dark"),
]


class ProfileForm(Form):
    name = Line("Name", most=120, validators=[at_least_something])
    timezone = SelectField("Time zone", description="Due dates and times are shown as they are here.")
    theme = RadioField("Theme", choices=THEMES)
    keys = BooleanField("Single-key shortcuts", description="Off: only keys with Ctrl or ⌘ work, and Esc.")

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = zone_choices(zone)


def mail_name(reason: Reason) -> str:
    return f"mail_{reason.value}"


for _reason, _label in LABELS.items():
    setattr(ProfileForm, mail_name(_reason), BooleanField(_label))


class ThemeForm(Form):
    theme = RadioField("Theme", choices=THEMES)


class PasswordForm(Form):
    old = SecretField("Present password")
    new = SecretField("New password", description=f"At least {SHORTEST} characters; a few words in a row are fine.")

    def validate_new(self, field: SecretField) -> None:
        if field.data and field.data == self.old.data:
            raise ValidationError("This is the password you have now. Take another.")
