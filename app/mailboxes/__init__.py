"""Mailboxes: raw mail in and out. Mail is a row first; jobs hand it over, file it and fetch it; admins read it.

Its nouns: `mail_address`, `mail_account`, `incoming_mail`. What mail becomes is decided by the rooms above: `filing`.
"""

from __future__ import annotations

from flask import Flask

from app.accounts import letters
from app.kernel.events import register
from app.mailboxes import events, jobs, nouns, policies  # noqa: F401 - jobs and permissions declare themselves
from app.mailboxes.commands import post_mail
from app.mailboxes.routes import bp
from app.organizations import settings


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register(nouns.mail_address, events=events.OF_ADDRESSES)
    register(nouns.mail_account, events=events.OF_ACCOUNTS)
    register(nouns.incoming_mail, events=events.OF_MAILS)
    letters.send_with(post_mail)
    settings.add_page("mailboxes.list_mails", "Mail")
