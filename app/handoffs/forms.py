"""Handing a ticket to a board."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import Optional, ValidationError

from app.boards.commands.making import TITLE_MOST
from app.documents.rendering import MOST
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.projects.models import Project
from app.web.forms import Form, Line, Prose


class HandoverForm(Form):
    """A new issue, or with `existing` one that is there."""

    existing = Line(
        lazy("An issue that is there already"), most=30, description=lazy("Its key, such as WEB-12. Else a new one.")
    )
    project = SelectField(lazy("Project"), coerce=int, validators=[Optional()])
    title = Line(lazy("Title"), most=TITLE_MOST)
    body = Prose(lazy("Description"), most=MOST)
    wait = BooleanField(
        lazy("Put the ticket on hold"), description=lazy("It opens by itself when the issue is done or cancelled.")
    )

    def offer(self, projects: Iterable[Project]) -> HandoverForm:
        """Fill in what can be chosen."""
        self.project.choices = [SelectChoice(str(project.id), project.name) for project in projects]
        return self

    def validate_title(self, field: Line) -> None:
        if not field.data and not self.existing.data:
            raise ValidationError(_("An issue needs a title."))

    def validate_project(self, field: SelectField) -> None:
        if not field.data and not self.existing.data:
            raise ValidationError(_("Choose a project."))
