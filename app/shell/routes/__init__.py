"""The shell's addresses: home and work, and what people set for themselves."""

from __future__ import annotations

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("shell", __name__, url_prefix=TENANT)

from app.shell.routes import profile, work  # noqa: E402, F401 - they add their views to it
