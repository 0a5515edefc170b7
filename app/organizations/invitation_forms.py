"""What people type to invite others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from app.accounts.addresses import normalise
from app.kernel.access import Role, allows
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.commands.invitations import Offer
from app.organizations.groups.forms import STANDINGS
from app.organizations.joins import PLACES
from app.organizations.member_forms import role_choices
from app.organizations.models import CustomRole, Member, Standing
from app.organizations.policies import P, given_by, offered_to
from app.web.forms import Form, Line, Prose

#: Days that an invitation may stay open.
DAYS = [SelectChoice("1", lazy("1 day")), SelectChoice("7", lazy("7 days")), SelectChoice("30", lazy("30 days"))]
#: Addresses in one go.
MOST = 100
#: What stands between addresses and other words of a pasted table, or of a mail program's list.
_BETWEEN = re.compile(r"[\s,;]+")


class InvitationForm(Form):
    """Invitations by mail when there are addresses, else a link for whoever holds it."""

    email = Prose(
        lazy("Mail addresses"),
        most=20_000,
        description=lazy(
            "One or many, as a column of a table too. Leave it empty for a link that you pass on yourself."
        ),
    )
    role = SelectField(lazy("Role"), default=Role.MEMBER.value)
    days = SelectField(lazy("Open for"), choices=DAYS, coerce=int, default=7)
    uses = IntegerField(
        lazy("Serves"),
        default=1,
        description=lazy("How many people the link lets in. A mailed invitation serves once."),
        validators=[NumberRange(min=1, max=10_000, message=lazy("From 1 to 10,000 people, please."))],
    )
    places = SelectMultipleField(lazy("Also lets into"))
    standing = SelectField(lazy("There as"), default=Standing.MEMBER.value)
    permission = SelectField(lazy("Also allows"), default="")
    lasting = IntegerField(
        lazy("For how many days"),
        default=30,
        validators=[Optional(), NumberRange(min=1, max=3650, message=lazy("From 1 to 3,650 days, please."))],
    )
    note = Line(lazy("A line of your own"), most=500, description=lazy("Stands in the letter."))

    def __init__(self, by: Member, own: Sequence[CustomRole], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.own = {f"own-{role.id}": role for role in own}
        given = [role for role in given_by(by) if role is not Role.OWNER or by.role is Role.OWNER]
        self.role.choices = [*role_choices(given, []), *role_choices([], own)]
        self.offered = [(kind, place, list(place.offered(by))) for kind, place in PLACES.items()]
        self.places.choices = [
            SelectChoice(f"{kind}-{row.id}", row.name) for kind, _place, rows in self.offered for row in rows
        ]
        self.standing.choices = [SelectChoice(role.value, text) for role, text in STANDINGS.items()]
        may = sorted(offered_to(by)) if by.may(P.GRANT) else []
        self.permission.choices = [
            SelectChoice("", _("Nothing more")),
            *(SelectChoice(one, allows(one)) for one in may),
        ]
        self.addresses: list[str] = []

    def validate_email(self, field: Prose) -> None:
        """Also a header of a table, or "Anna Smith <anna@example.org>"."""
        found: dict[str, None] = {}
        parts = [part.strip("<>()\"'") for part in _BETWEEN.split(field.data or "")]
        for part in filter(None, parts):
            if (address := normalise(part)) is not None:
                found[address] = None
            elif "@" in part:
                raise ValidationError(_("%(text)s is no mail address.", text=part[:80]))
        if any(parts) and not found:
            raise ValidationError(_("Write a whole mail address, such as anna@example.org."))
        if len(found) > MOST:
            raise ValidationError(_("At most %(most)s at once, please.", most=MOST))
        self.addresses = list(found)

    @property
    def offer(self) -> Offer:
        places: dict[str, list[int]] = {}
        for chosen in self.places.data or ():
            kind, _dash, number = chosen.rpartition("-")
            places.setdefault(kind, []).append(int(number))
        own = self.own.get(self.role.data)
        return Offer(
            role=own.base if own else Role(self.role.data),
            own=own,
            places=places,
            standing=Standing(self.standing.data),
            grants={self.permission.data: self.lasting.data or 30} if self.permission.data else {},
            note=self.note.data or "",
        )
