"""The upload, and the mapping screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, SelectChoice, SelectField
from wtforms.validators import ValidationError

from app.boards.models import Priority
from app.exchange.mapping import FIELDS, Mapping, folded, guess_priorities, guess_states
from app.exchange.models import Import
from app.exchange.survey import repeated
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.projects.models import State
from app.web.forms import Form

LEFT_OUT = -1
_MANY_VALUES = 200


class UploadForm(Form):
    file = FileField(lazy("CSV file"), validators=[FileRequired("Choose a file first.")])


class Words(Field):
    """A key that comes once a value: the values of a column, or what each means."""

    takes_many = True

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [value[:200] for value in valuelist[:_MANY_VALUES]]

    def _value(self) -> str:
        return ""


def _column(name: str) -> SelectField:
    return SelectField(FIELDS[name], coerce=int, validate_choice=True)


class MappingForm(Form):
    """Which column fills which field; what the values of state and priority mean; what to do with new labels."""

    title, body, state, priority = _column("title"), _column("body"), _column("state"), _column("priority")
    assignees, labels = _column("assignees"), _column("labels")
    start_date, due_date = _column("start_date"), _column("due_date")
    state_from, state_to = Words("Values of state"), Words("States")
    priority_from, priority_to = Words("Values of priority"), Words("Priorities")
    create_labels = BooleanField(lazy("Make labels that do not exist yet"))
    dates = SelectField(
        lazy("How 03/04/2026 is read"),
        choices=[
            SelectChoice("day", lazy("3 April (the day comes first)")),
            SelectChoice("month", lazy("March 4 (the month comes first)")),
        ],
    )

    def __init__(self, record: Import, states: Sequence[State], formdata: Any = None) -> None:
        mapping = Mapping.from_json(record.mapping)
        given = {name: mapping.columns.get(name, LEFT_OUT) for name in FIELDS}
        super().__init__(
            formdata, create_labels=mapping.create_labels, dates="day" if mapping.day_first else "month", **given
        )
        self.states = {state.id for state in states}
        choices = columns_of(record)
        for name in FIELDS:
            self[name].choices = [SelectChoice(LEFT_OUT, _("Leave out")), *choices]

    def validate_title(self, field: Field) -> None:
        if field.data == LEFT_OUT:
            raise ValidationError(_("Every issue needs a title: choose the column that holds it."))

    def validate_state_to(self, field: Field) -> None:
        self._paired(self.state_from, field, self.states)

    def validate_priority_to(self, field: Field) -> None:
        self._paired(self.priority_from, field, {int(level) for level in Priority})

    def _paired(self, values: Field, meanings: Field, known: set[int]) -> None:
        pairs = zip(values.data or (), meanings.data or (), strict=False)
        if len(values.data or ()) != len(meanings.data or ()) or not all(
            not meaning or (meaning.isdecimal() and len(meaning) < 19 and int(meaning) in known) for _, meaning in pairs
        ):
            raise ValidationError(_("These do not fit the file and the project any more. Load the page again."))

    @property
    def mapping(self) -> Mapping:
        """What was said. Values left open mean nothing: such issues go to the default state, or get no priority."""
        return Mapping(
            columns={name: self[name].data for name in FIELDS if self[name].data != LEFT_OUT},
            states=_meanings(self.state_from, self.state_to),
            priorities=_meanings(self.priority_from, self.priority_to),
            create_labels=self.create_labels.data,
            day_first=self.dates.data == "day",
        )


def _meanings(values: Field, meanings: Field) -> dict[str, int | None]:
    pairs = zip(values.data or (), meanings.data or (), strict=False)
    return {folded(value): int(meaning) if meaning else None for value, meaning in pairs}


def columns_of(record: Import) -> list[SelectChoice]:
    """The columns as choices. Where several bear one name, each says which it is."""
    twice = repeated(record.header)
    return [
        SelectChoice(place, _("%(name)s (column %(value)s)", name=name, value=place + 1) if name in twice else name)
        for place, name in enumerate(record.header)
    ]


def values_of(record: Import, column: int) -> list[str] | None:
    """The different values of a column; None when there are too many to list, or it is no column."""
    return record.survey.get("values", {}).get(str(column)) if 0 <= column < len(record.header) else []


def meanings_of(
    record: Import, columns: dict[str, int], states: Sequence[State]
) -> dict[str, list[tuple[str, int | None]] | None]:
    """For the columns of state and priority: each value and what it was said, or is guessed, to mean.

    None for a column that holds more different values than anybody would go through.
    """
    said = Mapping.from_json(record.mapping)
    state_values, priority_values = values_of(record, columns["state"]), values_of(record, columns["priority"])
    known_states = {**guess_states(state_values or (), states), **said.states}
    known_priorities = {**guess_priorities(priority_values or ()), **said.priorities}
    return {
        "state_values": None
        if state_values is None
        else [(value, known_states.get(folded(value))) for value in state_values],
        "priority_values": None
        if priority_values is None
        else [(value, known_priorities.get(folded(value))) for value in priority_values],
    }
