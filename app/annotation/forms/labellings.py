"""A new labelling project, its settings, its instructions and its configuration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.annotation.config import Severity, check
from app.annotation.config.reading import MOST
from app.annotation.config.templates import ALL, BY_NAME
from app.annotation.models import Sampling, SkipQueue
from app.documents.rendering import MOST as TEXT_MOST
from app.projects.identifiers import FORM
from app.projects.models import Project
from app.web.forms import Form, Line, Prose


class NewLabellingForm(Form):
    """Beside a project that exists, or beside one that is made with it."""

    project = SelectField("Beside")
    name = Line("Name", most=80)
    identifier = Line("Key", most=10, description="Begins the address, as in /projects/LAB. It stays as it is.")
    template = RadioField(
        "What people are asked",
        choices=[SelectChoice(template.name, template.title) for template in ALL],
        validators=[InputRequired("Choose what people are asked; all of it can be changed.")],
    )

    def offer(self, projects: Iterable[Project], *, new: bool) -> NewLabellingForm:
        """The projects that have no labelling yet, and, if allowed, a new one."""
        here = [SelectChoice(project.identifier, f"{project.name} ({project.identifier})") for project in projects]
        self.project.choices = [SelectChoice("", "A new project")] * new + here
        return self

    def validate_name(self, field: Field) -> None:
        if not self.project.data and not field.data:
            raise ValidationError("A project needs a name.")

    def validate_identifier(self, field: Field) -> None:
        if not self.project.data and not FORM.fullmatch((field.data or "").upper()):
            raise ValidationError("Up to ten letters and digits, a letter first: LAB, NER2.")

    @property
    def xml(self) -> str:
        return BY_NAME[self.template.data].xml


class SettingsForm(Form):
    """How tasks are handed out."""

    overlap = IntegerField(
        "Annotations a task",
        validators=[InputRequired("Say how many."), NumberRange(1, 20, "From 1 to 20.")],
        description="So many people label each task, none of them twice.",
    )
    sampling = RadioField(
        "Order of tasks",
        coerce=Sampling,
        choices=[
            SelectChoice(Sampling.SEQUENTIAL.value, "By number, the oldest first"),
            SelectChoice(Sampling.UNIFORM.value, "At random"),
        ],
    )
    show_skip = BooleanField("People may skip tasks")
    skip_queue = RadioField(
        "A skipped task",
        coerce=SkipQueue,
        choices=[
            SelectChoice(SkipQueue.FOR_ME.value, "comes back to whoever skipped it, at the end"),
            SelectChoice(SkipQueue.FOR_OTHERS.value, "goes to somebody else"),
            SelectChoice(SkipQueue.IGNORE.value, "counts as answered"),
        ],
    )
    lock_minutes = IntegerField(
        "Minutes a task is held",
        validators=[InputRequired("Say how long."), NumberRange(1, 1440, "From 1 minute to a day (1440).")],
        description="For whoever was handed it, counted from the last thing they did. Then others may get it.",
    )
    allow_empty = BooleanField("An annotation may be empty", description="Where nothing in the text wants a label.")


class InstructionForm(Form):
    body = Prose("Instructions", most=TEXT_MOST, description="In Markdown.")
    show_instruction = BooleanField("Show them when somebody begins", description="Else they open with their key.")


class ConfigurationForm(Form):
    """The XML. A warning does not keep it from being saved; an error does."""

    config = Prose("Configuration", most=MOST)
    #: How many annotations may be left behind, as it was told.
    accept = HiddenField()
    version = HiddenField()

    def __init__(self, *given: Any, columns: list[str] | None = None, **more: Any) -> None:
        self.columns = columns
        super().__init__(*given, **more)

    def validate_config(self, field: Field) -> None:
        errors = [one for one in check(field.data or "", self.columns or None) if one.severity is Severity.ERROR]
        if errors:
            raise ValidationError(f"Line {errors[0].line}: {errors[0].message}")
