"""Forms of teams and workspaces, and of who is in them."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app.kernel.words import lazy
from app.organizations.models import Access, Member, Standing, Team, TeamRole
from app.web.forms import Form, Ids, Line, Prose, at_least_something

HUES = [
    SelectChoice(str(number), name)
    for number, name in enumerate(
        (
            lazy("Red"),
            lazy("Orange"),
            lazy("Yellow"),
            lazy("Green"),
            lazy("Teal"),
            lazy("Blue"),
            lazy("Violet"),
            lazy("Pink"),
        ),
        start=1,
    )
]
#: What somebody is in a project or workspace, and what that is for.
STANDINGS = {
    Standing.ADMIN: lazy("Admin: shapes it, says who is in it"),
    Standing.MEMBER: lazy("Member: works in it"),
    Standing.GUEST: lazy("Guest: reads and comments"),
}
SHORT_STANDINGS = {Standing.ADMIN: lazy("Admin"), Standing.MEMBER: lazy("Member"), Standing.GUEST: lazy("Guest")}
TEAM_ROLES = {TeamRole.MANAGER: lazy("Manager"), TeamRole.MEMBER: lazy("Member")}


class TeamForm(Form):
    name = Line(lazy("Name"), most=80, validators=[at_least_something])
    emoji = Line(lazy("Emoji"), most=16, description=lazy("Stands before the name."))
    hue = SelectField(lazy("Colour"), coerce=int, default=6, choices=HUES)
    parent = SelectField(lazy("Part of"), coerce=int, default=0)
    description = Prose(lazy("Purpose"), most=2000)

    def offer(self, teams: Sequence[Team]) -> TeamForm:
        self.parent.choices = [SelectChoice("0", "—"), *(SelectChoice(str(team.id), team.name) for team in teams)]
        return self


class WorkspaceForm(Form):
    name = Line(lazy("Name"), most=80, validators=[at_least_something])
    emoji = Line(lazy("Emoji"), most=16, description=lazy("Stands before the name."))
    hue = SelectField(lazy("Colour"), coerce=int, default=6, choices=HUES)
    access = RadioField(
        lazy("Open to"),
        default=Access.PRIVATE.value,
        choices=[
            SelectChoice(Access.PRIVATE.value, lazy("Its members")),
            SelectChoice(Access.PUBLIC.value, lazy("Everybody: they read its projects, and may join")),
        ],
    )
    inherits = BooleanField(lazy("Whoever is in it is in its projects, too"), default=True)
    description = Prose(lazy("Purpose"), most=2000)


class PeopleForm(Form):
    """Members, and what they are to be."""

    ids = Ids(lazy("People"))
    role = SelectField(lazy("As"), default="member")

    def offer(self, roles: dict[str, object]) -> PeopleForm:
        self.role.choices = [SelectChoice(value, text) for value, text in roles.items()]
        return self


class OneForm(Form):
    """Nothing but the token: the address says all."""


def others(everybody: Sequence[Member], inside: Sequence[tuple[Member, object]]) -> list[Member]:
    """The colleagues who are not in a group yet."""
    ids = {member.id for member, _ in inside}
    return [person for person in everybody if person.id not in ids and person.is_colleague]
