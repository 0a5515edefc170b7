"""Search: the palette, the page of results, and going places.

Every noun with `text` and `audience` is found by words. Rooms above add what is no words (`finders.find_by("Issues",
find_issues)`), how a row stands in the palette (`finders.show_as`), the keys that a member holds (`audiences.hold`) and
places to go (`places.add(Place(…))`).
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from app.kernel.events import register_event
from app.search import events, exporting, finders, indexing  # noqa: F401 - declares its consumer and job
from app.search.people import find_people
from app.search.queries.trails import is_favourite, links_of
from app.search.routes import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["marked"] = finders.marked
    finders.find_by("People", find_people)
    for event in events.ALL:
        register_event(event)

    @app.context_processor
    def trails() -> dict[str, Any]:
        """Nothing here costs a statement until a template calls it."""
        return {
            "is_favourite": lambda row: is_favourite(row, g.member),
            "links_of": lambda row: links_of(row, g.member),
        }
