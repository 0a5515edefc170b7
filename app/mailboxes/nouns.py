"""How addresses, accounts and incoming mail are named in histories."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from sqlalchemy import ColumnElement, false, true

from app.kernel.events import Field, Noun
from app.mailboxes.models import IncomingMail, MailAccount, MailAddress
from app.mailboxes.policies import P
from app.organizations.models import Member


def _for(permission: P) -> Callable[[Member], ColumnElement[bool]]:
    def visible(member: Member) -> ColumnElement[bool]:
        return true() if member.may(permission) else false()

    return visible


mail_address = Noun(
    name="mail_address",
    model=MailAddress,
    icon="mail",
    title=lambda row: row.address,
    url=lambda row: url_for("mailboxes.list_accounts"),
    visible=_for(P.CONNECT),
    audience=lambda row: ("admins",),
    fields={"address": Field("address")},
)

mail_account = Noun(
    name="mail_account",
    model=MailAccount,
    icon="mail",
    title=lambda row: f"{row.username} at {row.host}",
    url=lambda row: url_for("mailboxes.show_account", account_id=row.id),
    visible=_for(P.CONNECT),
    audience=lambda row: ("admins",),
    fields={
        "host": Field("server"),
        "port": Field("port"),
        "security": Field("encryption"),
        "username": Field("user name"),
        "folder": Field("folder"),
        "address_id": Field("address"),
        "interval_minutes": Field("minutes between two looks"),
        "enabled": Field("switched on"),
    },
)

incoming_mail = Noun(
    name="incoming_mail",
    model=IncomingMail,
    icon="mail",
    title=lambda row: f"the mail “{row.subject or 'without a subject'}”",
    url=lambda row: url_for("mailboxes.show_incoming", mail_id=row.id),
    visible=_for(P.VIEW),
    audience=lambda row: ("admins",),
    fields={"fate": Field("fate")},
)
