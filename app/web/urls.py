"""Addresses. Every URL of a tenant begins with its slug; `url_for` fills it in from the page we are on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.routing import IntegerConverter, Map
from werkzeug.urls import iri_to_uri

#: First parts of addresses that no organization may take.
RESERVED = frozenset(
    {
        "about",
        "account",
        "accounts",
        "admin",
        "api",
        "app",
        "assets",
        "billing",
        "docs",
        "favicon",
        "healthz",
        "help",
        "invitation",
        "invitations",
        "legal",
        "live",
        "login",
        "logout",
        "mail",
        "metrics",
        "new",
        "operator",
        "organizations",
        "password",
        "privacy",
        "public",
        "readyz",
        "register",
        "robots",
        "security",
        "settings",
        "sign-in",
        "sign-out",
        "sign-up",
        "signin",
        "signout",
        "signup",
        "static",
        "status",
        "support",
        "terms",
        "theme",
        "trestleboard",
        "unsubscribe",
        "verify",
        "well-known",
        "www",
    }
)

_LONGEST_NEXT = 1500

#: Prefix of every tenant blueprint.
TENANT = "/<organization>"


class Number(IntegerConverter):
    """`<int:…>` in addresses: no number is larger than the database's own, so what is larger leads nowhere."""

    def __init__(self, map: Map, *rest: Any, **more: Any) -> None:
        super().__init__(map, *rest, **{"max": 2**63 - 1, **more})


def carry_organization(app: Flask) -> None:
    """Take the slug out of every view's arguments, and put it into every address built on the way."""
    app.url_map.converters["int"] = Number

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "organization" in values and app.url_map.is_endpoint_expecting(endpoint or "", "organization"):
            g.slug = values.pop("organization")

    @app.url_defaults
    def give(endpoint: str, values: dict[str, Any]) -> None:
        slug = g.get("slug")
        if slug and "organization" not in values and app.url_map.is_endpoint_expecting(endpoint, "organization"):
            values["organization"] = slug


def whole(text: str) -> int:
    """A number in an address's query, for `request.args.get(name, type=whole)`: what a column can hold.

    Raises ValueError for anything else, which `get` takes as if it had not been sent.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ValueError(text[:40])
    return int(text)


def outside(path: str) -> str:
    """A whole address for mail: the instance's base URL and a path."""
    return current_app.extensions["trestleboard"].base_url + path


def safe_next(default: str) -> str:
    """Where to go after signing in: `next` if it stays here, else `default`."""
    wanted = request.values.get("next", "")
    return iri_to_uri(wanted) if stays_here(wanted) else default


def stays_here(address: str) -> bool:
    """Whether a browser that is sent to this address stays with us: a path, and nothing it could read otherwise.

    Browsers take `\\` for `/`, drop tabs and line ends, and read `//host` as another site.
    """
    if not address.startswith("/") or address.startswith("//") or len(address) > _LONGEST_NEXT:
        return False
    if "\\" in address or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def shown_path() -> str:
    """This request's path for logs and audits. A token in it opens something, so it is left out."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(str(token), "…") if token else request.path


@contextmanager
def addresses(slug: str) -> Iterator[None]:
    """Outside of any request: have `url_for` build paths of an organization, as a page of it would. For mail."""
    with current_app.test_request_context():
        g.slug = slug
        try:
            yield
        finally:
            g.pop("slug", None)
