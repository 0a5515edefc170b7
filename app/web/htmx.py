"""What an htmx request is and how we answer it. The only module that touches `htmx_flask`."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, request
from htmx_flask import Htmx

htmx = Htmx()


def wants_part() -> bool:
    """Whether htmx asks for a fragment. A boosted or restored page asks for the whole (`HX-Request-Type: full`)."""
    return bool(request.headers.get("HX-Request")) and request.headers.get("HX-Request-Type", "partial") == "partial"


def is_htmx() -> bool:
    return bool(request.headers.get("HX-Request"))


def trigger(response: Response, **events: Any) -> Response:
    """Add events that htmx fires on the requesting element: `trigger(reply, moved={"topics": […]})`."""
    now = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(
        now | {name.replace("_", "-"): detail for name, detail in events.items()}
    )
    return response
