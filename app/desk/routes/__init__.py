"""Addresses of tickets and queues."""

from __future__ import annotations

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("desk", __name__, url_prefix=TENANT)

from app.desk.routes import (  # noqa: E402, F401
    door,
    fields,
    lists,
    messages,
    portal,
    queues,
    talking,
    tickets,
    undo,
)
