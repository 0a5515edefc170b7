"""Errors become replies here and nowhere else: a page that looks like the app, or a sentence for htmx's toast."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template
from flask_wtf.csrf import CSRFError
from psycopg.errors import ForeignKeyViolation
from redis import RedisError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from app.adapters.files import NoRoom, is_full
from app.kernel.database import db
from app.kernel.errors import Refused, TooMany
from app.kernel.words import lazy
from app.web.htmx import is_htmx
from app.web.safety import login

log = structlog.get_logger(__name__)

SENTENCES = {
    400: lazy("The request could not be understood."),
    403: lazy("You may not do this."),
    404: lazy("There is nothing here, or you may not see it."),
    405: lazy("This address does not do that."),
    409: lazy("Somebody else was faster. Look at the page again, then try once more."),
    413: lazy("That is too large."),
    429: lazy("Too many tries. Wait a little."),
    500: lazy("Something broke on our side. It has been recorded."),
    503: lazy("A part of the system is not reachable. Try again in a moment."),
}


def answer(status: int, message: str | None = None, **headers: str) -> Response:
    """An error, as the asker can read it: htmx gets the sentence in `X-Message`, a browser a page, a program JSON."""
    sentence = str(message or SENTENCES.get(status, SENTENCES[400]))
    if "api_key" in g:
        response = jsonify(error={"status": status, "message": sentence})
        response.status_code = status
    elif is_htmx():
        response = make_response(sentence, status)
        response.mimetype = "text/plain"
    else:
        own = message if message != str(SENTENCES.get(status)) else None
        response = make_response(_page(status, own), status)
    response.headers["X-Message"] = quote(sentence)
    response.headers.extend(headers)
    return response


def _page(status: int, message: str | None) -> str:
    """A page inside of the organization for who works there; when something broke, one that asks nothing of anybody."""
    broken, member = status >= 500, g.get("member")
    layout = "web/layout.html" if member and member.is_colleague and not broken else "web/bare.html"
    return render_template(
        "web/error.html",
        layout=layout,
        status=status,
        message=message,
        request_id=g.get("request_id"),
        theme="system" if broken else None,
    )


def init_app(app: Flask) -> None:
    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        db.session.rollback()
        wait = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
        return answer(error.status, str(error), **wait)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Response:
        return answer(400, "This form is too old or was not ours. Reload the page and send it again.")

    @app.errorhandler(HTTPException)
    def spoken(error: HTTPException) -> Any:
        status = error.code or 500
        if status < 400:
            return error
        own = error.description if error.description != type(error).description else None
        response = answer(status, str(own or SENTENCES.get(status, f"{error.name}.")))
        if status == 405 and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return response

    @app.errorhandler(IntegrityError)
    def overtaken(error: IntegrityError) -> Response:
        """What a new row points at was there when the request began, and somebody else has deleted it since."""
        if not isinstance(error.orig, ForeignKeyViolation):
            return broken(error)
        log.info("request.overtaken", error=str(error.orig))
        db.session.rollback()
        return answer(409)

    @app.errorhandler(OperationalError)
    @app.errorhandler(RedisError)
    def unreachable(error: Exception) -> Response:
        if app.testing:
            raise error
        if "_login_user" not in g:
            g._login_user = login.anonymous_user()  # else the page itself would ask the database who reads it
        log.exception("request.unreachable")
        db.session.rollback()
        return answer(503, **{"Retry-After": "5"})

    @app.errorhandler(OSError)
    def full(error: OSError) -> Response:
        """What was sent is first kept on the disk, before any route sees it."""
        return refused(NoRoom()) if is_full(error) else broken(error)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        if app.testing:
            raise error
        log.exception("request.failed")
        db.session.rollback()
        return answer(500)
