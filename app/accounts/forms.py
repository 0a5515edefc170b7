"""What people type at the door."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import HiddenField, PasswordField, SelectChoice
from wtforms.validators import Length, ValidationError
from wtforms.widgets import EmailInput, PasswordInput

from app.accounts import passwords
from app.accounts.addresses import normalise
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, Line, at_least_something


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every IANA zone this machine knows."""
    return frozenset(available_timezones())


#: Parts of the world whose zones people live in; the rest are old names and offsets.
_LIVED_IN = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def zone_choices(present: str) -> list[SelectChoice]:
    """Zones to choose from, by name; the present one is among them whatever it is called."""
    names = {name for name in zones() if name.startswith(_LIVED_IN)} | {"UTC", present}
    return [SelectChoice(name, name.replace("_", " ")) for name in sorted(names)]


class AddressField(Line):
    """A mail address; its data is the address as we keep it, or None when it is none."""

    widget = EmailInput()

    def __init__(self, label: Any = lazy("Mail address"), **rest: Any) -> None:
        super().__init__(label, most=254, validators=[_an_address], **rest)
        self.address: str | None = None


def _an_address(form: Any, field: AddressField) -> None:
    field.address = normalise(field.data)
    if field.address is None:
        raise ValidationError(_("Write a whole mail address, such as anna@example.org."))


class SecretField(PasswordField):
    """A password: taken as typed, never sent back."""

    widget = PasswordInput(hide_value=True)

    def __init__(self, label: Any = lazy("Password"), **rest: Any) -> None:
        told = lazy("At most %(most)s characters, please.", most=f"{passwords.LONGEST:,}")
        too_long = Length(max=passwords.LONGEST, message=told)
        super().__init__(label, validators=[at_least_something, too_long], **rest)


#: What a new password has to be.
_FRESH = lazy("At least %(fewest)s characters; a few words in a row are fine.", fewest=passwords.SHORTEST)


class SignInForm(Form):
    email = AddressField()
    password = SecretField()


class SignUpForm(Form):
    name = Line(lazy("Your name"), most=120, validators=[at_least_something])
    email = AddressField()
    password = SecretField(description=_FRESH)
    timezone = HiddenField()

    def validate_password(self, field: SecretField) -> None:
        if field.data and (
            objection := passwords.objection(field.data, email=self.email.data or "", name=self.name.data or "")
        ):
            raise ValidationError(objection)

    @property
    def zone(self) -> str:
        """The browser's zone, if it is one."""
        return self.timezone.data if self.timezone.data in zones() else "UTC"


class AddressForm(Form):
    """Asks for a letter to an address."""

    email = AddressField()


class PasswordForm(Form):
    """Proves that whoever follows a link also knows the password."""

    password = SecretField()


class NewPasswordForm(Form):
    password = SecretField(lazy("New password"), description=_FRESH)


class ChangedPasswordForm(Form):
    """A new password for who is signed in, by the old one where there is one."""

    old = SecretField(lazy("Present password"))
    new = SecretField(lazy("New password"), description=_FRESH)


class ChosenPasswordForm(Form):
    """A first password, for who came in without one and has just proved who they are."""

    new = SecretField(lazy("New password"), description=_FRESH)


class CodeForm(Form):
    """A code of the authenticator app, or a recovery code."""

    code = Line(lazy("Code"), most=40, validators=[at_least_something])


class SetUpForm(Form):
    """The code that shows that a secret has arrived in the app. The secret travels sealed."""

    code = Line(lazy("Code that the app shows"), most=40, validators=[at_least_something])
    sealed = HiddenField()
