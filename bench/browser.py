"""A browser without a network: requests go straight into the application, so only the server's own time is measured."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

_RAW_CSRF = "c" * 40
#: What htmx adds to its requests.
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Refused(Exception):
    """A request that should have been answered was not."""


def cookie_of(app: Flask, token: str) -> str:
    """The session cookie of somebody who is signed in, as a header's value."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    signed = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": _RAW_CSRF})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def csrf_of(app: Flask) -> str:
    """The token that goes with such a cookie."""
    return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(_RAW_CSRF))


class Browser:
    """Somebody signed in. Paths begin behind the organization: `browser.get("/projects/B1K/board")`."""

    def __init__(self, app: Flask, token: str, slug: str) -> None:
        self.app, self.prefix = app, f"/{slug}"
        self.cookie, self.csrf = cookie_of(app, token), csrf_of(app)
        self.headers = Headers()

    def get(self, path: str, *, htmx: bool = False) -> bytes:
        return self.open(self.prefix + path, HTMX if htmx else {})

    def post(self, path: str, pairs: list[tuple[str, Any]]) -> bytes:
        """As htmx sends a change."""
        headers = HTMX | {"X-CSRFToken": self.csrf, "Sec-Fetch-Site": "same-origin"}
        return self.open(self.prefix + path, headers, urlencode(pairs).encode())

    def open(self, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> bytes:
        """The reply's body; its headers are in `headers`. Raises Refused for 400 and above."""
        parts = urlsplit(path)
        environ = EnvironBuilder(
            parts.path,
            "http://127.0.0.1",
            query_string=parts.query,
            method="GET" if body is None else "POST",
            headers={"Cookie": self.cookie, "User-Agent": "bench", **(headers or {})},
        ).get_environ()
        if body is not None:
            environ |= {
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        said: list[Any] = []
        reply = self.app(environ, lambda status, headers, *rest: said.extend((status, headers)))
        whole = b"".join(reply)
        if close := getattr(reply, "close", None):
            close()
        self.headers = Headers(said[1])
        if said[0] >= "4":
            raise Refused(f"{path}: {said[0]} {whole[:200]!r}")
        return whole
