"""Forms of projects, their people, states and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.models import Member
from app.projects.models import (
    Feature,
    IssueType,
    Label,
    ProjectGroup,
    ProjectStatus,
    ProjectTemplate,
    PropertyKind,
    StateGroup,
)
from app.web.forms import Form, KnownVersion, Line, Prose, at_least_something

GROUPS = {
    StateGroup.BACKLOG: lazy("Backlog: not planned yet"),
    StateGroup.UNSTARTED: lazy("Unstarted: planned"),
    StateGroup.STARTED: lazy("Started: in work"),
    StateGroup.COMPLETED: lazy("Completed: done"),
    StateGroup.CANCELLED: lazy("Cancelled: will not be done"),
}
HUES = (
    lazy("Red"),
    lazy("Orange"),
    lazy("Yellow"),
    lazy("Green"),
    lazy("Teal"),
    lazy("Blue"),
    lazy("Violet"),
    lazy("Pink"),
)
_HUES = [SelectChoice(str(number), name) for number, name in enumerate(HUES, start=1)]
#: Signs that a type of issues can bear: icons of the sprite, and how they are called.
SIGNS = {
    "check": lazy("Tick"),
    "bolt": lazy("Bolt"),
    "flag": lazy("Flag"),
    "star": lazy("Star"),
    "book": lazy("Book"),
    "layers": lazy("Layers"),
    "box": lazy("Box"),
    "warning": lazy("Warning"),
    "sparkles": lazy("Sparkles"),
    "branch": lazy("Branch"),
    "help": lazy("Question"),
    "shield": lazy("Shield"),
}
LEVELS = {"1": lazy("Epic: stands above other work"), "0": lazy("Plain work"), "-1": lazy("Part of other work")}


def _id(text: str | None) -> int | None:
    """The id of a choice; "" is nobody."""
    return int(text) if text else None


class BoxesField(SelectMultipleField):
    """Several of a few: drawn as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProjectForm(Form):
    """What every project has."""

    name = Line(lazy("Name"), most=80, validators=[InputRequired(lazy("A project needs a name.")), at_least_something])
    emoji = Line(lazy("Emoji"), most=16, description=lazy("Stands before the name."))
    description = Prose(lazy("Purpose"), most=2000, description=lazy("Shown in lists."))


class NewProjectForm(ProjectForm):
    identifier = Line(
        lazy("Key"),
        most=10,
        description=lazy("Begins the key of every issue: WEB-12. It stays as it is."),
        validators=[
            InputRequired(lazy("A project needs a key.")),
            Regexp(
                r"^[A-Za-z][A-Za-z0-9]{0,9}$",
                message=lazy("Up to ten letters and digits, a letter first: WEB, OPS2."),
            ),
        ],
    )
    template = SelectField(lazy("Begin with"), coerce=_id)

    def offer(self, templates: Iterable[ProjectTemplate]) -> NewProjectForm:
        """What it can be made from."""
        plain = SelectChoice("", _("Six states and a few labels"))
        self.template.choices = [plain, *(SelectChoice(str(one.id), one.name) for one in templates)]
        return self


class SettingsForm(ProjectForm):
    lead = SelectField(lazy("Lead"), coerce=_id)
    default_assignee = SelectField(
        lazy("Default assignee"), coerce=_id, description=lazy("Works on new issues that name nobody.")
    )
    start_date = DateField(lazy("Start"), validators=[Optional()])
    due_date = DateField(lazy("Due"), validators=[Optional()])
    version = KnownVersion()

    def offer(self, people: Iterable[Member]) -> SettingsForm:
        """Whom one can choose."""
        choices = [SelectChoice("", _("Nobody")), *(SelectChoice(str(person.id), person.name) for person in people)]
        self.lead.choices = self.default_assignee.choices = choices
        return self


class FeaturesForm(Form):
    """What a project does not go without."""

    features = BoxesField(lazy("Features"), choices=[SelectChoice(feature.value, feature.label) for feature in Feature])


class StatusForm(Form):
    status = SelectField(
        lazy("Status"),
        coerce=ProjectStatus,
        choices=[SelectChoice(status.value, status.label) for status in ProjectStatus],
    )


class PeopleForm(Form):
    """Colleagues to add."""

    members = SelectMultipleField(lazy("Add people"), coerce=int, validators=[InputRequired(lazy("Choose somebody."))])


class StateForm(Form):
    name = Line(lazy("Name"), most=60, validators=[InputRequired(lazy("A state needs a name.")), at_least_something])
    group = SelectField(
        lazy("Means"), coerce=StateGroup, choices=[SelectChoice(group.value, text) for group, text in GROUPS.items()]
    )
    is_default = BooleanField(lazy("New issues go here"))


class PlaceForm(Form):
    """Where something was dropped: behind `after`, else in front of `before`."""

    ids = IntegerField(validators=[InputRequired(lazy("Say which one.")), NumberRange(min=1, max=2**62)])
    after = IntegerField()
    before = IntegerField()


class LabelForm(Form):
    name = Line(lazy("Name"), most=60, validators=[InputRequired(lazy("A label needs a name.")), at_least_something])
    hue = SelectField(lazy("Colour"), coerce=int, default=6, choices=_HUES)
    parent = SelectField(lazy("Stands under"), coerce=_id, validate_choice=False)

    def offer(self, labels: Sequence[Label], paths: Mapping[int, str], own: int | None = None) -> LabelForm:
        """What it can stand under."""
        self.parent.choices = [
            SelectChoice("", _("Nothing")),
            *(
                SelectChoice(str(label.id), " / ".join(part for part in (paths[label.id], label.name) if part))
                for label in labels
                if label.id != own
            ),
        ]
        return self


class NamedForm(Form):
    """What has a name and a few words: a group, a template."""

    name = Line(lazy("Name"), most=80, validators=[InputRequired(lazy("It needs a name.")), at_least_something])
    description = Line(lazy("Description"), most=400)


class GroupChoiceForm(Form):
    """The heading that a project stands under."""

    group = SelectField(lazy("Group"), coerce=_id)

    def offer(self, groups: Iterable[ProjectGroup]) -> GroupChoiceForm:
        self.group.choices = [SelectChoice("", _("None")), *(SelectChoice(str(one.id), one.name) for one in groups)]
        return self


class TypeForm(Form):
    """A kind of issues."""

    name = Line(lazy("Name"), most=60, validators=[InputRequired(lazy("A type needs a name.")), at_least_something])
    icon = SelectField(lazy("Sign"), choices=[SelectChoice(name, text) for name, text in SIGNS.items()])
    hue = SelectField(lazy("Colour"), coerce=int, default=6, choices=_HUES)
    level = SelectField(
        lazy("Level"), coerce=int, default=0, choices=[SelectChoice(number, text) for number, text in LEVELS.items()]
    )
    description = Line(lazy("Description"), most=400)
    is_active = BooleanField(lazy("In use"), default=True)


class PropertyForm(Form):
    """Something that issues of a kind say."""

    name = Line(lazy("Name"), most=60, validators=[InputRequired(lazy("A property needs a name.")), at_least_something])
    kind = SelectField(
        lazy("Holds"),
        coerce=PropertyKind,
        choices=[SelectChoice(kind.value, kind.label) for kind in PropertyKind],
    )
    options = Prose(lazy("Answers"), most=4000, description=lazy("What can be chosen, one a line."))
    starts_as = Line(lazy("Begins as"), most=400, description=lazy("What a new issue says."))
    is_required = BooleanField(lazy("Needed in every new issue"))

    def answers(self) -> list[str]:
        """The lines, without empty ones."""
        return [" ".join(line.split()) for line in (self.options.data or "").split("\n") if line.strip()]


class UsedTypesForm(Form):
    """Which kinds of issues a project uses, and what new ones are."""

    types = BoxesField(lazy("Types"), coerce=int)
    default = RadioField(lazy("New issues are"), coerce=_id, default=None, validate_choice=False)

    def offer(self, kinds: Iterable[IssueType]) -> UsedTypesForm:
        choices = [SelectChoice(str(kind.id), kind.name) for kind in kinds]
        self.types.choices = choices
        self.default.choices = [SelectChoice("", _("Of no type")), *choices]
        return self
