"""The console's pages, in order."""

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
    OperatorPage(lazy("Overview"), "operating.show_overview", "dashboard", "o o"),
    OperatorPage(lazy("Jobs"), "operating.list_jobs", "play", "o j"),
    OperatorPage(lazy("Timers"), "operating.list_timers", "alarm", "o t"),
    OperatorPage(lazy("Outbox"), "operating.list_outbox", "send", "o b"),
    OperatorPage(lazy("Mail out"), "operating.list_mails", "mail", "o m"),
    OperatorPage(lazy("Mail in"), "operating.list_incoming", "inbox", "o i"),
    OperatorPage(lazy("Backfills"), "operating.list_backfills", "layers", "o f"),
    OperatorPage(lazy("People"), "operating.list_users", "users", "o p"),
    OperatorPage(lazy("Organizations"), "operating.list_organizations", "building", "o g"),
)
