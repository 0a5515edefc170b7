"""One request, one transaction: committed after the reply is rendered, rolled back when it is a refusal.

The mover's reply tells its own page which live versions it moved (`HX-Trigger: seen`), so it skips its own echo.
"""

from __future__ import annotations

from itertools import islice

from flask import Flask, Response, g, request

from app.kernel.database import db
from app.web.htmx import is_htmx, trigger

#: Topics that a reply names at most: proxies refuse long headers, and no page shows more.
_NAMED = 25


def init_app(app: Flask) -> None:
    @app.after_request
    def finish(response: Response) -> Response:
        if "db" not in g and not db.session.registry.has():
            return response
        if response.status_code >= 400 and not g.get("keep_changes"):
            db.session.rollback()
            return response
        db.session.commit()
        moved = db.session.info.pop("moved", None)
        if moved and is_htmx() and request.method != "GET":
            shown = ((topic, pair) for topic, pair in moved.items() if not topic.startswith("0:"))
            trigger(response, seen={topic.split(":", 1)[1]: list(pair) for topic, pair in islice(shown, _NAMED)})
        return response
