"""Bringing a table in, saying what its columns hold, and what it is called."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_wtf.file import FileField, FileRequired
from wtforms import Field
from wtforms.validators import ValidationError

from app.dashboards.asks import TYPES
from app.dashboards.cells import FORMATS, Cells
from app.dashboards.models import SourceFile
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, Line, Prose, at_least_something

#: What a column can be said to hold: the value of the field, and its words.
CHOICES = {
    "text": lazy("Text"),
    "number:point": lazy("Number (1,234.5)"),
    "number:comma": lazy("Number (1.234,5)"),
    "date:day": lazy("Date, day first (3/4 is 3 April)"),
    "date:month": lazy("Date, month first (3/4 is 4 March)"),
    "timestamp:day": lazy("Date and time, day first"),
    "timestamp:month": lazy("Date and time, month first"),
    "boolean": lazy("Yes or no"),
    "": lazy("Leave it out"),
}
_MANY = 400


class SourceForm(Form):
    """What a source is called."""

    name = Line(lazy("Name"), most=120, validators=[at_least_something])
    description = Prose(lazy("What it is, and where it comes from"), most=500)


class UploadForm(SourceForm):
    """A new source, with its first file."""

    file = FileField(lazy("CSV file"), validators=[FileRequired("Choose a file first.")])
    name = Line(lazy("Name"), most=120)


class FileForm(Form):
    """Another file for a source that is there."""

    file = FileField(lazy("CSV file"), validators=[FileRequired("Choose a file first.")])


class Types(Field):
    """What each column holds, in their order."""

    takes_many = True
    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[: _MANY + 1]

    def _value(self) -> str:
        return ""


class ColumnsForm(Form):
    """What the columns of a file hold. Fields `kind` come once a column."""

    kind = Types("Columns")
    timezone = Line(lazy("Zone of times that name none"), most=64)

    def __init__(self, upload: SourceFile, *rest: Any, **more: Any) -> None:
        self.upload = upload
        super().__init__(*rest, **more)

    def validate_kind(self, field: Any) -> None:
        if len(field.data or ()) != len(self.upload.columns) or any(value not in CHOICES for value in field.data):
            raise ValidationError(_("Say of every column what it holds."))

    def validate_timezone(self, field: Any) -> None:
        if field.data not in available_timezones():
            raise ValidationError(_("There is no such zone. Write it like Europe/Berlin."))
        ZoneInfo(field.data)

    @property
    def columns(self) -> list[Cells]:
        """The columns as they were said to be. One that is left out keeps its type for another time."""
        return [
            _said(Cells.from_json(column), choice)
            for column, choice in zip(self.upload.columns, self.kind.data, strict=True)
        ]


def choice_of(column: dict[str, Any]) -> str:
    """Which of CHOICES a column is."""
    if not column["kept"]:
        return ""
    return f"{column['type']}:{column['format']}" if column["format"] else str(column["type"])


def _said(column: Cells, choice: str) -> Cells:
    if not choice:
        return Cells(column.key, column.name, column.type, column.format, kept=False)
    kind, colon, style = choice.partition(":")
    for known in TYPES:
        if known == kind:
            return Cells(column.key, column.name, known, style if colon and style in FORMATS.get(known, ()) else None)
    raise Invalid(_("Say of every column what it holds."))
