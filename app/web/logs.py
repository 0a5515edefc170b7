"""Structured logs: one JSON line an event, each with its request's id."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from app.kernel import ledger
from app.web.urls import shown_path

log = structlog.get_logger("request")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def configure(level: str = "INFO") -> None:
    """Log JSON to standard error, our own events and libraries' alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for loud in ("httpx", "rq.worker", "alembic"):
        logging.getLogger(loud).setLevel("WARNING")


def init_app(app: Flask) -> None:
    if not app.testing:
        configure()

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
        ledger.origin.set(ledger.Origin(g.request_id, request.remote_addr, (request.user_agent.string or "")[:400]))

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in ("static", "assets.show_asset", "live.beat", "health.live"):
            log.info(
                "request",
                method=request.method,
                path=shown_path(),
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            )
        return response
