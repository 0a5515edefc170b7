"""The parts of this room, for the tabs that stand on the page of each."""

from __future__ import annotations

from typing import Any

from app.dashboards.drawing.shapes import said
from app.dashboards.routes import bp
from app.web.current import current_member
from app.web.guard import leads_to

_PLACES = (
    ("dashboards.list_dashboards", "Dashboards", "1"),
    ("dashboards.list_questions", "Questions", "2"),
    ("dashboards.list_sources", "Sources", "3"),
    ("dashboards.list_reports", "Reports", "4"),
)


@bp.context_processor
def places() -> dict[str, Any]:
    return {"room_places": [place for place in _PLACES if current_member and leads_to(place[0], current_member)]}


bp.app_template_filter("said")(said)
