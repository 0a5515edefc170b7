"""Files in and out."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice

from app.annotation.models import Format
from app.web.forms import Form


class ImportForm(Form):
    file = FileField("File", validators=[FileRequired("Choose a file first.")])
    skip_duplicates = BooleanField(
        "Leave out what is here already", default=True, description="Rows whose data equals that of a task."
    )
    with_annotations = BooleanField(
        "Bring in annotations", default=True, description="Where the file holds some, as exports of Label Studio do."
    )


class ExportForm(Form):
    format = RadioField(
        "Format",
        coerce=Format,
        default=Format.JSON,
        choices=[
            SelectChoice(Format.JSON.value, "Label Studio’s JSON: tasks with all that was said about them"),
            SelectChoice(Format.JSON_MIN.value, "Short JSON: one object an annotation, answers by name"),
            SelectChoice(Format.CSV.value, "CSV: one line an annotation, for spreadsheets"),
        ],
    )
    only_finished = BooleanField("Only finished tasks")
