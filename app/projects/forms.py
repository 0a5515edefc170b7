"""Forms of projects, their people, states and labels."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Regexp

from app.organizations.models import Member
from app.projects.models import StateGroup
from app.web.forms import Form, Line, Prose, at_least_something

GROUPS = {
    StateGroup.BACKLOG: "Backlog: not planned yet",
    StateGroup.UNSTARTED: "Unstarted: planned",
    StateGroup.STARTED: "Started: in work",
    StateGroup.COMPLETED: "Completed: done",
    StateGroup.CANCELLED: "Cancelled: will not be done",
}
HUES = ("Red", "Orange", "Yellow", "Green", "Teal", "Blue", "Violet", "Pink")


def _id(text: str | None) -> int | None:
    """The id of a choice; "" is nobody."""
    return int(text) if text else None


class ProjectForm(Form):
    """What every project has."""

    name = Line("Name", most=80, validators=[InputRequired("A project needs a name."), at_least_something])
    emoji = Line("Emoji", most=16, description="Stands before the name.")
    description = Prose("Purpose", most=2000, description="Shown in lists.")


class NewProjectForm(ProjectForm):
    identifier = Line(
        "Key",
        most=10,
        description="Begins the key of every issue: WEB-12. It stays as it is.",
        validators=[
            InputRequired("A project needs a key."),
            Regexp(r"^[A-Za-z][A-Za-z0-9]{0,9}$", message="Up to ten letters and digits, a letter first: WEB, OPS2."),
        ],
    )


class SettingsForm(ProjectForm):
    lead = SelectField("Lead", coerce=_id)
    default_assignee = SelectField("Default assignee", coerce=_id, description="Works on new issues that name nobody.")

    def offer(self, people: Iterable[Member]) -> SettingsForm:
        """Whom one can choose."""
        choices = [SelectChoice("", "Nobody"), *(SelectChoice(str(person.id), person.name) for person in people)]
        self.lead.choices = self.default_assignee.choices = choices
        return self


class PeopleForm(Form):
    """Colleagues to add."""

    members = SelectMultipleField("Add people", coerce=int, validators=[InputRequired("Choose somebody.")])


class StateForm(Form):
    name = Line("Name", most=60, validators=[InputRequired("A state needs a name."), at_least_something])
    group = SelectField(
        "Means", coerce=StateGroup, choices=[SelectChoice(group.value, text) for group, text in GROUPS.items()]
    )
    is_default = BooleanField("New issues go here")


class PlaceForm(Form):
    """Where a state was dropped: behind `after`, else in front of `before`."""

    ids = IntegerField(validators=[InputRequired("Say which state."), NumberRange(min=1, max=2**62)])
    after = IntegerField()
    before = IntegerField()


class LabelForm(Form):
    name = Line("Name", most=60, validators=[InputRequired("A label needs a name."), at_least_something])
    hue = SelectField(
        "Colour",
        coerce=int,
        default=6,
        choices=[SelectChoice(str(number), name) for number, name in enumerate(HUES, start=1)],
    )
