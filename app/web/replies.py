"""The four replies: `page`, `reply`, `invalid`, `go`. Nobody answers HTML in another way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template

from app.web.drawn import drawn_once
from app.web.htmx import is_htmx, wants_part


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A full page, or its content alone when htmx asks for a part; one template, by `{% extends layout %}`."""
    layout = "web/fragment.html" if wants_part() else "web/layout.html"
    return make_response(render_template(template, layout=layout, **context), status)


def reply(template: str, status: int = 200, **context: Any) -> Response:
    """What an action changed: a template of `<hx-partial>`s, each naming its target.

    Without htmx there is no page to patch: routes that plain forms post to answer with `go`.
    """
    return make_response(render_template(template, **context), status)


def reply_once(
    template: str, context: Callable[[], dict[str, Any]], *, topics: Sequence[str], key: tuple[Hashable, ...]
) -> Response:
    """A `reply` that everybody with the same `key` gets alike: drawn once while the live topics stand still."""
    return make_response(drawn_once(topics, (template, *key), lambda: render_template(template, **context())))


def invalid(form: Any, template: str, **context: Any) -> Response:
    """The form with its errors, 422. The template renders a page or a part, as it did when the form was asked for."""
    return page(template, status=422, form=form, **context)


def go(url: str, message: str | None = None) -> Response:
    """Elsewhere: `HX-Redirect` for htmx, else 303. The message is shown there as a toast."""
    if message:
        flash(message)
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(redirect(url, 303))
