"""The first page: how everything is."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user

from app.operating import health, queries
from app.operating.guard import operator
from app.operating.routes import bp
from app.web.replies import page


@bp.get("")
@operator
def show_overview() -> Response:
    """The whole page; `?part=` is what it asks for again every ten seconds."""
    template = "operating/overview/_parts.html" if "part" in request.args else "operating/overview/index.html"
    visits = queries.open_visits(current_user.id)
    return page(template, parts=health.overview(), sessions=queries.live_sessions(), visits=visits)
