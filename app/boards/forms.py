"""Forms of issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.boards.commands.making import TITLE_MOST, IssueDraft
from app.boards.commands.values import name_of
from app.boards.models import Issue, Priority
from app.documents.rendering import MOST
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.models import Member
from app.projects.models import EstimateKind, EstimatePoint, IssueType, Label, State
from app.web.forms import Form, KnownVersion, Line, Prose, at_least_something


class CheckboxesField(SelectMultipleField):
    """Several of a few: drawn as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _id(text: str | None) -> int | None:
    """The number of a choice; "" is none."""
    if text and not (str(text).isascii() and str(text).isdecimal() and len(str(text)) < 19):
        raise ValueError(text)
    return int(text) if text else None


class IssueForm(Form):
    """A new issue."""

    title = Line(
        lazy("Title"), most=TITLE_MOST, validators=[InputRequired(lazy("An issue needs a title.")), at_least_something]
    )
    body = Prose(lazy("Description"), most=MOST)
    state = SelectField(lazy("State"), coerce=int)
    priority = SelectField(
        lazy("Priority"), coerce=int, choices=[SelectChoice(str(int(level)), level.label) for level in Priority]
    )
    assignees = CheckboxesField(lazy("Assignees"), coerce=int)
    labels = CheckboxesField(lazy("Labels"), coerce=int)
    issue_type = SelectField(lazy("Type"), coerce=_id, validate_choice=False)
    estimate = SelectField(lazy("Estimate"), coerce=_id, validate_choice=False)
    start_date = DateField(lazy("Start"), validators=[Optional()])
    due_date = DateField(lazy("Due"), validators=[Optional()])
    #: Another form follows, so that many are written in one go.
    more = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds: Sequence[IssueType] = ()
        self.people: Sequence[Member] = ()
        self.kind: IssueType | None = None
        #: What the properties of the kind say, and what is wrong with it, by their numbers.
        self.says: dict[int, list[str]] = {}
        self.wrong: dict[int, str] = {}

    def offer(
        self,
        states: Iterable[State],
        people: Iterable[Member],
        labels: Iterable[Label],
        paths: Mapping[int, str] | None = None,
    ) -> IssueForm:
        """Fill in what can be chosen."""
        states = list(states)
        self.state.choices = [SelectChoice(str(state.id), state.name) for state in states]
        self.assignees.choices = [SelectChoice(str(person.id), person.name) for person in people]
        self.labels.choices = [
            SelectChoice(str(label.id), " / ".join(part for part in ((paths or {}).get(label.id), label.name) if part))
            for label in labels
        ]
        if self.state.data is None and not self.is_submitted():
            self.state.data = next((state.id for state in states if state.is_default), None)
        return self

    def offer_kinds(
        self,
        kinds: Sequence[IssueType],
        points: Iterable[EstimatePoint],
        people: Sequence[Member],
        sent: MultiDict[str, str],
    ) -> IssueForm:
        """Fill in the kinds with their properties, and the scale. `sent` says which kind, and what is said of it."""
        self.kinds, self.people = kinds, people
        self.issue_type.choices = [SelectChoice(str(kind.id), kind.name) for kind in kinds]
        self.estimate.choices = [
            SelectChoice("", _("No estimate")),
            *(SelectChoice(str(point.id), point.value) for point in points),
        ]
        asked = sent.get("issue_type", "")
        self.kind = next((kind for kind in kinds if str(kind.id) == asked), next(iter(kinds), None))
        if not asked and self.issue_type.data is None:
            self.issue_type.data = self.kind.id if self.kind else None
        if self.is_submitted() and self.kind:
            self.says = {field.id: sent.getlist(name_of(field)) for field in self.kind.properties}
        return self

    def blame(self, error: Any) -> Form:
        """A refusal of a property stands at it, one of the project's rules at the state."""
        at = getattr(error, "field", "state") or ""
        if at.startswith("property-"):
            self.wrong[int(at.removeprefix("property-"))] = str(error)
            return self
        return super().blame(Invalid(str(error), at))

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
            issue_type_id=self.issue_type.data if self.kinds else None,
            estimate_point_id=self.estimate.data,
            says=self.says,
        )


class TextForm(Form):
    """An issue's title and description. `version` is the one that the form was opened with."""

    title = Line(
        lazy("Title"), most=TITLE_MOST, validators=[InputRequired(lazy("An issue needs a title.")), at_least_something]
    )
    body = Prose(lazy("Description"), most=MOST)
    version = KnownVersion()

    @classmethod
    def of(cls, issue: Issue) -> TextForm:
        """The form as it is opened."""
        return cls(
            formdata=None, title=issue.title, body=issue.document.body if issue.document else "", version=issue.version
        )


class LeavingForm(Form):
    """Where the issues of a state go that is to be deleted."""

    into = SelectField(lazy("Move them to"), coerce=int)

    def offer(self, states: Iterable[State], leaving: State) -> LeavingForm:
        """Every other state."""
        self.into.choices = [SelectChoice(str(state.id), state.name) for state in states if state.id != leaving.id]
        return self


def reset(form: IssueForm, **rest: Any) -> IssueForm:
    """An empty form that keeps state, priority, people and labels: the next of many."""
    kept = {name: form[name].data for name in ("state", "priority", "assignees", "labels", "issue_type")}
    return IssueForm(formdata=None, **kept, **rest)


class MergeForm(Form):
    """Which label another becomes."""

    into = SelectField(lazy("Becomes"), coerce=int)

    def offer(self, labels: Iterable[Label], paths: Mapping[int, str]) -> MergeForm:
        self.into.choices = [
            SelectChoice(str(label.id), " / ".join(part for part in (paths.get(label.id), label.name) if part))
            for label in labels
        ]
        return self


#: What a scale of each kind begins as.
SCALES = {"points": "1, 2, 3, 5, 8, 13", "categories": "XS, S, M, L, XL", "time": "1, 2, 4, 8, 16, 40"}


class ScaleForm(Form):
    """What a project estimates on."""

    kind = SelectField(
        lazy("Estimate in"),
        coerce=EstimateKind,
        choices=[SelectChoice(kind.value, kind.label) for kind in EstimateKind],
    )
    values = Line(
        lazy("Steps"),
        most=600,
        description=lazy("From the smallest to the largest, parted by commas."),
        validators=[InputRequired(lazy("A scale needs steps.")), at_least_something],
    )
    #: The page has asked where issues go whose step is not on the new scale.
    is_carried = HiddenField()

    def steps(self) -> list[str]:
        """The steps, without empty ones."""
        return [step.strip() for step in (self.values.data or "").split(",") if step.strip()]
