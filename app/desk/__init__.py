"""The desk: tickets that come in by mail, portal or hand, queues, and the portal in which customers see their own.

Its nouns: `ticket`, `queue`.
"""

from __future__ import annotations

from flask import Flask

from app.desk import (  # noqa: F401 - exporting declares its part
    beside,
    datasets,
    erasing,
    events,
    exporting,
    leaving,
    nouns,
    retention,
)
from app.desk.filing import file_ticket
from app.desk.queries.finding import as_found, find_tickets
from app.desk.routes import bp
from app.desk.routes.portal import portal_draft
from app.desk.routes.talking import draft_key
from app.inbox import kinds
from app.kernel.datasets import register_dataset
from app.kernel.events import register, register_event
from app.kernel.words import lazy
from app.mailboxes.filing import file_with
from app.organizations import settings
from app.search import finders


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    leaving.set_up()
    erasing.set_up()
    register(nouns.ticket, events=events.OF_TICKETS)
    register(nouns.queue, events=events.OF_QUEUES)
    register_event(events.CUSTOMER_ADDED)
    register_event(events.CUSTOMER_CAME)
    register_dataset(datasets.tickets)
    retention.set_up()
    settings.add_page("desk.list_queues", "Queues")
    kinds.add_kind("tickets", lazy("A ticket that I follow"), nouns=("ticket",))
    finders.find_by("Tickets", find_tickets)
    finders.show_as("ticket", as_found)
    file_with("queue", file_ticket)
    app.jinja_env.globals.update(ticket_draft=draft_key, beside_ticket=beside.PARTS, ticket_ways=beside.WAYS)
    app.jinja_env.globals.update(portal_draft=portal_draft)
