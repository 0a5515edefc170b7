"""Handoffs: what goes from one surface to another, one file a flow. No noun of its own.

`tickets_to_issues`: an agent hands a ticket to a board, and what becomes of the issue comes back.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from app.desk.beside import Way, offer_way, show_part
from app.handoffs import events
from app.handoffs.policies import P
from app.handoffs.routes import bp
from app.handoffs.tickets_to_issues import handed_to
from app.kernel.events import register_event


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    for event in events.ALL:
        register_event(event)
    offer_way(Way("Hand to a board…", "handoffs.new_issue", P.HAND_OVER, "board", "Shift+H"))
    show_part("handoffs/_beside_ticket.html")

    @app.context_processor
    def questions() -> dict[str, Any]:
        """Nothing here costs a statement until a template calls it."""
        return {"handed_to": lambda ticket: handed_to(ticket, g.member)}
