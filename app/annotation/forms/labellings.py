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
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.projects.identifiers import FORM
from app.projects.models import Project
from app.web.forms import Form, Line, Prose


class NewLabellingForm(Form):
    """Beside a project that exists, or beside one that is made with it."""

    project = SelectField(lazy("Beside"))
    name = Line(lazy("Name"), most=80)
    identifier = Line(
        lazy("Key"), most=10, description=lazy("Begins the address, as in /projects/LAB. It stays as it is.")
    )
    template = RadioField(
        lazy("What people are asked"),
        choices=[SelectChoice(template.name, template.title) for template in ALL],
        validators=[InputRequired(lazy("Choose what people are asked; all of it can be changed."))],
    )

    def offer(self, projects: Iterable[Project], *, new: bool) -> NewLabellingForm:
        """The projects that have no labelling yet, and, if allowed, a new one."""
        here = [
            SelectChoice(
                project.identifier, _("%(name)s (%(identifier)s)", name=project.name, identifier=project.identifier)
            )
            for project in projects
        ]
        self.project.choices = [SelectChoice("", _("A new project"))] * new + here
        return self

    def validate_name(self, field: Field) -> None:
        if not self.project.data and not field.data:
            raise ValidationError(_("A project needs a name."))

    def validate_identifier(self, field: Field) -> None:
        if not self.project.data and not FORM.fullmatch((field.data or "").upper()):
            raise ValidationError(_("Up to ten letters and digits, a letter first: LAB, NER2."))

    @property
    def xml(self) -> str:
        return BY_NAME[self.template.data].xml


class SettingsForm(Form):
    """How tasks are handed out."""

    overlap = IntegerField(
        lazy("Annotations a task"),
        validators=[InputRequired(lazy("Say how many.")), NumberRange(1, 20, "From 1 to 20.")],
        description=lazy("So many people label each task, none of them twice."),
    )
    sampling = RadioField(
        lazy("Order of tasks"),
        coerce=Sampling,
        choices=[
            SelectChoice(Sampling.SEQUENTIAL.value, lazy("By number, the oldest first")),
            SelectChoice(Sampling.UNIFORM.value, lazy("At random")),
        ],
    )
    show_skip = BooleanField(lazy("People may skip tasks"))
    skip_queue = RadioField(
        lazy("A skipped task"),
        coerce=SkipQueue,
        choices=[
            SelectChoice(SkipQueue.FOR_ME.value, lazy("comes back to whoever skipped it, at the end")),
            SelectChoice(SkipQueue.FOR_OTHERS.value, lazy("goes to somebody else")),
            SelectChoice(SkipQueue.IGNORE.value, lazy("counts as answered")),
        ],
    )
    lock_minutes = IntegerField(
        lazy("Minutes a task is held"),
        validators=[InputRequired(lazy("Say how long.")), NumberRange(1, 1440, "From 1 minute to a day (1440).")],
        description=lazy("For whoever was handed it, counted from the last thing they did. Then others may get it."),
    )
    allow_empty = BooleanField(
        lazy("An annotation may be empty"), description=lazy("Where nothing in the text wants a label.")
    )


class InstructionForm(Form):
    body = Prose(lazy("Instructions"), most=TEXT_MOST, description=lazy("In Markdown."))
    show_instruction = BooleanField(
        lazy("Show them when somebody begins"), description=lazy("Else they open with their key.")
    )


class ConfigurationForm(Form):
    """The XML. A warning does not keep it from being saved; an error does."""

    config = Prose(lazy("Configuration"), most=MOST)
    #: How many annotations may be left behind, as it was told.
    accept = HiddenField()
    version = HiddenField()

    def __init__(self, *given: Any, columns: list[str] | None = None, **more: Any) -> None:
        self.columns = columns
        super().__init__(*given, **more)

    def validate_config(self, field: Field) -> None:
        errors = [one for one in check(field.data or "", self.columns or None) if one.severity is Severity.ERROR]
        if errors:
            raise ValidationError(_("Line %(line)s: %(message_)s", line=errors[0].line, message_=errors[0].message))
