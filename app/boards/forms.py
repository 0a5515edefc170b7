"""Forms of issues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import DateField, HiddenField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.boards.commands.making import TITLE_MOST, IssueDraft
from app.boards.models import Issue, Priority
from app.documents.rendering import MOST
from app.organizations.models import Member
from app.projects.models import Label, State
from app.web.forms import Form, KnownVersion, Line, Prose, at_least_something


class CheckboxesField(SelectMultipleField):
    """Several of a few: drawn as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class IssueForm(Form):
    """A new issue."""

    title = Line("Title", most=TITLE_MOST, validators=[InputRequired("An issue needs a title."), at_least_something])
    body = Prose("Description", most=MOST)
    state = SelectField("State", coerce=int)
    priority = SelectField(
        "Priority", coerce=int, choices=[SelectChoice(str(int(level)), level.label) for level in Priority]
    )
    assignees = CheckboxesField("Assignees", coerce=int)
    labels = CheckboxesField("Labels", coerce=int)
    start_date = DateField("Start", validators=[Optional()])
    due_date = DateField("Due", validators=[Optional()])
    #: Another form follows, so that many are written in one go.
    more = HiddenField()

    def offer(self, states: Iterable[State], people: Iterable[Member], labels: Iterable[Label]) -> IssueForm:
        """Fill in what can be chosen."""
        states = list(states)
        self.state.choices = [SelectChoice(str(state.id), state.name) for state in states]
        self.assignees.choices = [SelectChoice(str(person.id), person.name) for person in people]
        self.labels.choices = [SelectChoice(str(label.id), label.name) for label in labels]
        if self.state.data is None and not self.is_submitted():
            self.state.data = next((state.id for state in states if state.is_default), None)
        return self

    def draft(self) -> IssueDraft:
        """The issue that was described."""
        return IssueDraft(
            title=self.title.data or "",
            body=self.body.data or "",
            state_id=self.state.data,
            priority=self.priority.data or 0,
            assignee_ids=self.assignees.data or (),
            label_ids=self.labels.data or (),
            start_date=self.start_date.data,
            due_date=self.due_date.data,
        )


class TextForm(Form):
    """An issue's title and description. `version` is the one that the form was opened with."""

    title = Line("Title", most=TITLE_MOST, validators=[InputRequired("An issue needs a title."), at_least_something])
    body = Prose("Description", most=MOST)
    version = KnownVersion()

    @classmethod
    def of(cls, issue: Issue) -> TextForm:
        """The form as it is opened."""
        return cls(
            formdata=None, title=issue.title, body=issue.document.body if issue.document else "", version=issue.version
        )


class LeavingForm(Form):
    """Where the issues of a state go that is to be deleted."""

    into = SelectField("Move them to", coerce=int)

    def offer(self, states: Iterable[State], leaving: State) -> LeavingForm:
        """Every other state."""
        self.into.choices = [SelectChoice(str(state.id), state.name) for state in states if state.id != leaving.id]
        return self


def reset(form: IssueForm, **rest: Any) -> IssueForm:
    """An empty form that keeps state, priority, people and labels: the next of many."""
    kept = {name: form[name].data for name in ("state", "priority", "assignees", "labels")}
    return IssueForm(formdata=None, **kept, **rest)
