"""Files in and out."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice

from app.annotation.models import Format
from app.kernel.words import lazy
from app.web.forms import Form


class ImportForm(Form):
    file = FileField(lazy("File"), validators=[FileRequired("Choose a file first.")])
    skip_duplicates = BooleanField(
        lazy("Leave out what is here already"), default=True, description=lazy("Rows whose data equals that of a task.")
    )
    with_annotations = BooleanField(
        lazy("Bring in annotations"),
        default=True,
        description=lazy("Where the file holds some, as exports of Label Studio do."),
    )


class ExportForm(Form):
    format = RadioField(
        lazy("Format"),
        coerce=Format,
        default=Format.JSON,
        choices=[
            SelectChoice(Format.JSON.value, lazy("Label Studio’s JSON: tasks with all that was said about them")),
            SelectChoice(Format.JSON_MIN.value, lazy("Short JSON: one object an annotation, answers by name")),
            SelectChoice(Format.CSV.value, lazy("CSV: one line an annotation, for spreadsheets")),
        ],
    )
    only_finished = BooleanField(lazy("Only finished tasks"))
