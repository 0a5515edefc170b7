"""Who may enter the console: operators whose browser has proved lately who sits there. Nobody else learns of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_login import current_user

from app.kernel.errors import NotFound
from app.web.guard import recently_proved, signed_in

View = Callable[..., Any]


def operator(view: View) -> View:
    """Only operators; 404 for everybody else who is signed in, whatever they are in any organization."""
    proved = recently_proved(view)

    @wraps(view)
    def guarded(**parts: Any) -> Any:
        if not current_user.is_operator:
            raise NotFound
        return proved(**parts)

    found = signed_in(guarded)
    found.policy = "operator"  # type: ignore[attr-defined]
    found.asks_proof = True  # type: ignore[attr-defined]
    return found
