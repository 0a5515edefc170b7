"""The console's pages, in order. The key follows `o`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.kernel.words import lazy


@dataclass(frozen=True)
class OperatorPage:
    title: Any
    endpoint: str
    icon: str
    key: str


PAGES = (
    OperatorPage(lazy("Overview"), "operating.show_overview", "dashboard", "o"),
    OperatorPage(lazy("Jobs"), "operating.list_jobs", "play", "j"),
    OperatorPage(lazy("Timers"), "operating.list_timers", "alarm", "t"),
    OperatorPage(lazy("Outbox"), "operating.list_outbox", "send", "b"),
    OperatorPage(lazy("Mail out"), "operating.list_mails", "mail", "m"),
    OperatorPage(lazy("Mail in"), "operating.list_incoming", "inbox", "i"),
    OperatorPage(lazy("Backfills"), "operating.list_backfills", "layers", "f"),
    OperatorPage(lazy("People"), "operating.list_users", "users", "p"),
    OperatorPage(lazy("Organizations"), "operating.list_organizations", "building", "g"),
)
