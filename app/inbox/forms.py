"""What people choose of how they are told, and what they say of their telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Regexp, ValidationError

from app.accounts.addresses import normalise
from app.inbox.kinds import all_kinds
from app.inbox.models import Channel, MailRhythm, Platform
from app.inbox.preferences import Timing
from app.kernel.errors import Invalid
from app.kernel.schedules import WEEKDAYS
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, Line, at_least_something

RHYTHMS = {
    MailRhythm.SOON: lazy("As things happen, gathered for a few minutes"),
    MailRhythm.DAILY: lazy("Once a day"),
    MailRhythm.WEEKLY: lazy("Once a week"),
    MailRhythm.NEVER: lazy("Never"),
}
CHANNELS = {
    Channel.INBOX: lazy("Inbox"),
    Channel.MAIL: lazy("Mail"),
    Channel.PUSH: lazy("Push"),
    Channel.SMS: lazy("Text"),
}
_DAYS = [SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)]


class ClockField(StringField):
    """A local time, `08:00`; `clock` is that, or None when nothing was written."""

    clock: time | None = None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(list(valuelist))
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.clock = time.fromisoformat(text if len(text) != 4 else f"0{text}")
        except ValueError:
            raise ValueError(_("Write a time as 08:00.")) from None
        if len(text) > 5:
            raise ValueError(_("Write a time as 08:00."))


class SettingsForm(Form):
    """The matrix and the times. A box of the matrix is `channel:kind`; those of other channels stay as they are."""

    wanted = SelectMultipleField(validate_choice=True)
    mail = RadioField(
        lazy("How often mail comes"), choices=[SelectChoice(each.value, text) for each, text in RHYTHMS.items()]
    )
    digest_time = ClockField(lazy("At"))
    digest_weekday = SelectField(lazy("On"), choices=_DAYS)
    quiet = BooleanField(lazy("Quiet hours"))
    quiet_from = ClockField(lazy("From"))
    quiet_until = ClockField(lazy("Until"))
    quiet_days = SelectMultipleField(lazy("On days"), choices=_DAYS)

    def __init__(self, channels: Sequence[Channel], **rest: Any) -> None:
        super().__init__(**rest)
        self._channels = channels
        self.wanted.choices = [f"{channel}:{kind.key}" for channel in channels for kind in all_kinds()]

    @classmethod
    def of(cls, matrix: dict[tuple[str, Channel], bool], timing: Timing, channels: Sequence[Channel]) -> SettingsForm:
        """The form as it is opened."""
        return cls(
            channels,
            formdata=None,
            wanted=[f"{channel}:{kind}" for (kind, channel), yes in matrix.items() if yes],
            mail=timing.mail.value,
            digest_time=f"{timing.digest_time:%H:%M}",
            digest_weekday=str(timing.digest_weekday),
            quiet=timing.quiet_from is not None,
            quiet_from=f"{timing.quiet_from or time(20):%H:%M}",
            quiet_until=f"{timing.quiet_until or time(7):%H:%M}",
            quiet_days=[str(day) for day in sorted(timing.quiet_days)],
        )

    @property
    def matrix(self) -> dict[tuple[str, Channel], bool]:
        chosen = set(self.wanted.data or ())
        return {
            (kind.key, channel): f"{channel}:{kind.key}" in chosen for kind in all_kinds() for channel in self._channels
        }

    @property
    def timing(self) -> Timing:
        """What was chosen. Raises Invalid for hours that are missing."""
        days = frozenset(int(day) for day in self.quiet_days.data or ())
        if self.quiet.data and (self.quiet_from.clock is None or self.quiet_until.clock is None):
            raise Invalid(_("Say when the quiet hours begin and end."), "quiet_from")
        if self.quiet.data and not days:
            raise Invalid(_("Choose the days of the quiet hours."), "quiet_days")
        usual = Timing()
        return Timing(
            mail=MailRhythm(self.mail.data),
            digest_time=self.digest_time.clock or usual.digest_time,
            digest_weekday=int(self.digest_weekday.data or usual.digest_weekday),
            quiet_from=self.quiet_from.clock if self.quiet.data else None,
            quiet_until=self.quiet_until.clock if self.quiet.data else None,
            quiet_days=days or usual.quiet_days,
        )


class DeviceForm(Form):
    """What a browser says of itself when it takes pushes; a script fills it in."""

    endpoint = Line(most=1000, validators=[at_least_something])
    p256dh = Line(most=200, validators=[at_least_something])
    auth = Line(most=100, validators=[at_least_something])
    platform = SelectField(choices=[each.value for each in Platform], default=Platform.DESKTOP.value)


class PhoneForm(Form):
    number = Line(
        lazy("Mobile number"),
        most=24,
        validators=[at_least_something],
        description=lazy("With the country's code, such as +49 151 23456789."),
    )


class CodeForm(Form):
    code = Line(
        lazy("Code"), most=6, validators=[InputRequired(), Regexp(r"\d{6}", message=lazy("The code has six digits."))]
    )


def _an_address(form: Any, field: Any) -> None:
    if field.data and normalise(field.data) is None:
        raise ValidationError(_("Write a whole mail address, such as reply@acme.example."))


class ReplyAddressForm(Form):
    address = Line(
        lazy("Address"),
        most=254,
        validators=[_an_address],
        description=lazy("Mail that comes there becomes comments. Connect its mailbox under Mail."),
    )
