"""Trestleboard: boards, tickets, dashboards and annotation queues on one spine.

Each package here is a room, named for what people do there. A room imports only rooms below it; the order stands in
docs/architecture.md and is held by import-linter. This module stays light: the supervisor imports it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Build the application from the environment, or from `config` in tests."""
    from app.factory import build

    return build(config)
