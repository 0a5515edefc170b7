"""Inbox: who hears of what. Watchers, notifications, the mail that gathers them, and what people want of it.

It is a consumer of the ledger: no room calls it to notify. What a room gives it are its events and, in its changes,
the people in `assignees` and `mentions`. A page of a noun shows `inbox/_watching.html` with `subject`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from app.accounts import pages
from app.inbox import exporting, housekeeping, jobs, retention  # noqa: F401 - declare what is theirs
from app.inbox.nudges import can_text
from app.inbox.preferences import CHANGED
from app.inbox.queries import count_unread, watching
from app.inbox.replies import KIND, file_reply
from app.inbox.routes import bp
from app.kernel.events import noun_of, register_event
from app.kernel.words import lazy
from app.mailboxes.filing import file_with
from app.organizations import settings


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register_event(CHANGED)
    retention.set_up()
    file_with(KIND, file_reply)
    settings.add_page("inbox.show_settings", lazy("Notifications"))
    settings.add_page("inbox.show_reply_address", lazy("Answers by mail"))
    pages.add_page("inbox.list_devices", lazy("Devices"), icon="bell", order=40)
    with app.app_context():
        if can_text():
            pages.add_page("inbox.show_phone", lazy("Telephone"), icon="phone", order=42)
        else:
            pages.PAGES.pop("inbox.show_phone", None)

    @app.context_processor
    def questions() -> dict[str, Any]:
        """Nothing here costs a statement until a template calls it."""
        return {
            "unread_notifications": _unread,
            "watching": lambda row: watching(row, g.member),
            "noun_name": lambda row: noun_of(row).name,
        }


def _unread() -> int:
    if "unread_notifications" not in g:
        g.unread_notifications = count_unread(g.member)
    return int(g.unread_notifications)
