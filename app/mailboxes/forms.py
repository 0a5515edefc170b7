"""What people type about mailboxes on other servers, and decide about mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import PasswordInput

from app.kernel.words import lazy
from app.mailboxes.commands import AccountDraft
from app.mailboxes.models import MailAccount, MailAddress, Security
from app.web.forms import Form, Line, at_least_something

_SECURITY = [
    SelectChoice(Security.TLS.value, lazy("TLS (port 993)")),
    SelectChoice(Security.STARTTLS.value, lazy("STARTTLS (port 143)")),
    SelectChoice(Security.NONE.value, lazy("None: the password goes in the clear")),
]
_MINUTES = [SelectChoice(str(number), text) for number, text in ((1, "every minute"), (5, "every 5 minutes"))]
_MINUTES += [SelectChoice("15", lazy("every 15 minutes")), SelectChoice("60", lazy("every hour"))]


class DecisionForm(Form):
    """Try again; `anyway`: although a machine wrote it."""

    anyway = BooleanField(lazy("Also if a machine wrote it"))


class AccountForm(Form):
    """One folder of a mailbox. A password that is left empty stays as it is."""

    address = SelectField(lazy("Mail is for"), coerce=int)
    host = Line(lazy("Server"), most=253, validators=[at_least_something])
    port = IntegerField(
        lazy("Port"), validators=[InputRequired(), NumberRange(1, 65535, "From 1 to 65535, please.")], default=993
    )
    security = SelectField(lazy("Encryption"), choices=_SECURITY)
    username = Line(lazy("User name"), most=254, validators=[at_least_something])
    password = PasswordField(lazy("Password"), widget=PasswordInput(hide_value=True), validators=[Length(max=1000)])
    folder = Line(lazy("Folder"), most=200, default="INBOX")
    interval = SelectField(lazy("Look"), choices=_MINUTES, coerce=int, default=5)
    enabled = BooleanField(lazy("Fetch it"), default=True)

    def __init__(self, addresses: Sequence[MailAddress], account: MailAccount | None = None, **rest: Any) -> None:
        if account is not None:
            known = ("host", "port", "username", "folder", "enabled")
            rest["data"] = {name: getattr(account, name) for name in known} | {
                "address": account.address_id,
                "security": account.security.value,
                "interval": account.interval_minutes,
            }
        super().__init__(**rest)
        self.address.choices = [SelectChoice(row.id, row.address) for row in addresses]
        if account is not None:
            self.password.description = "Left empty, it stays as it is."

    def draft(self) -> AccountDraft:
        return AccountDraft(
            host=self.host.data or "",
            port=self.port.data or 993,
            security=Security(self.security.data),
            username=self.username.data or "",
            password=self.password.data or None,
            folder=self.folder.data or "INBOX",
            interval_minutes=self.interval.data,
            enabled=bool(self.enabled.data),
        )
