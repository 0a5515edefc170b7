"""The form of a report: when it goes, to whom, as what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from wtforms import IntegerField, RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import CheckboxInput, ListWidget

from app.dashboards.models import Format, Report
from app.kernel.errors import Invalid
from app.kernel.schedules import WEEKDAYS, Schedule
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.models import Member
from app.web.forms import Form, Line, at_least_something


class CheckboxesField(SelectMultipleField):
    """Several of a few."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ClockField(StringField):
    """A local time, `08:00`."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(list(valuelist))
        text = (self.data or "").strip()
        try:
            self.clock = time.fromisoformat(text if len(text) != 4 else f"0{text}")
        except ValueError:
            raise ValueError("Write a time as 08:00.") from None
        if len(text) > 5:
            raise ValueError("Write a time as 08:00.")

    clock: time = time(8)


class ReportForm(Form):
    name = Line(lazy("Name"), most=120, validators=[at_least_something])
    rhythm = RadioField(
        lazy("How often"),
        choices=[SelectChoice("week", lazy("On days of the week")), SelectChoice("month", lazy("Once a month"))],
    )
    days = CheckboxesField(
        lazy("Days"), choices=[SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)]
    )
    month_day = IntegerField(
        lazy("Day of the month"),
        validators=[MayBeEmpty(), NumberRange(1, 31, "A day of the month is between 1 and 31.")],
        description=lazy("31 is the last day of every month."),
    )
    time = ClockField(lazy("Time"))
    zone = Line(lazy("Time zone"), most=64, validators=[at_least_something])
    recipients = CheckboxesField(lazy("Who gets it"), coerce=int)
    format = RadioField(
        lazy("What they get"),
        choices=[
            SelectChoice(Format.PDF.value, lazy("A mail with the charts, and a PDF")),
            SelectChoice(Format.MAIL.value, lazy("The mail alone")),
        ],
        default=Format.PDF.value,
    )

    def __init__(self, people: Sequence[Member], **rest: Any) -> None:
        super().__init__(**rest)
        self.recipients.choices = [SelectChoice(member.id, member.name) for member in people]

    @classmethod
    def of(cls, report: Report, people: Sequence[Member], recipients: Sequence[Member]) -> ReportForm:
        """The form as it is opened."""
        times = report.times
        return cls(
            people,
            formdata=None,
            name=report.name,
            rhythm="week" if times.days else "month",
            days=[str(day) for day in sorted(times.days)],
            month_day=times.month_day,
            time=f"{times.time:%H:%M}",
            zone=times.zone,
            recipients=[member.id for member in recipients],
            format=report.format.value,
        )

    @property
    def schedule(self) -> Schedule:
        """What was chosen. The form is valid; raises Invalid for days or a zone that are not there."""
        weekly = self.rhythm.data == "week"
        if not weekly and self.month_day.data is None:
            raise Invalid(_("Say which day of the month."), "month_day")
        return Schedule(
            self.zone.data or "",
            self.time.clock,
            frozenset(int(day) for day in self.days.data or ()) if weekly else frozenset(),
            None if weekly else self.month_day.data,
        )
