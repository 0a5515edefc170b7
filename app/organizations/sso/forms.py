"""What is typed about connections and their domains."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from wtforms import BooleanField, PasswordField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import PasswordInput

from app.adapters.outbound import OutboundError, is_allowed
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.sso.commands import ConnectionDraft
from app.web.forms import Form, Line, at_least_something


class ConnectionForm(Form):
    name = Line(
        lazy("Name"), most=80, validators=[at_least_something], description=lazy("What the sign-in button calls it.")
    )
    issuer = Line(
        lazy("Issuer"),
        most=300,
        validators=[at_least_something],
        description=lazy("The provider's address, such as https://login.example.org, exactly as it calls itself."),
    )
    client_id = Line(lazy("Client id"), most=300, validators=[at_least_something])
    secret = PasswordField(lazy("Client secret"), validators=[Length(max=500)], widget=PasswordInput(hide_value=True))
    enabled = BooleanField(lazy("Switched on"), description=lazy("Members can sign in by it."))
    makes_members = BooleanField(
        lazy("Make members at the first sign-in"),
        description=lazy("Who has an address of a proved domain becomes a member without an invitation."),
    )

    def validate_issuer(self, field: Any) -> None:
        parts = urlsplit(field.data or "")
        if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise ValidationError(_("Write the whole address, such as https://login.example.org."))
        if parts.scheme != "https" and not (parts.scheme == "http" and _allowed(field.data)):
            raise ValidationError(_("The address has to begin with https://."))

    @property
    def draft(self) -> ConnectionDraft:
        return ConnectionDraft(
            name=self.name.data or "",
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            secret=self.secret.data or None,
            enabled=bool(self.enabled.data),
            makes_members=bool(self.makes_members.data),
        )


class DomainForm(Form):
    domain = Line(lazy("Mail domain"), most=253, validators=[at_least_something])


def _allowed(issuer: str) -> bool:
    try:
        return is_allowed(issuer)
    except OutboundError:
        return False
