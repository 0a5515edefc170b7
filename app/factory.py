"""Puts the application together: configuration, database, Redis, logging, then the rooms from the ground up."""

from __future__ import annotations

import importlib
import os
from importlib.util import find_spec
from types import ModuleType

from flask import Flask
from redis import Redis

from app.kernel import backfills, doors, numbers, outbox, pool, timers  # noqa: F401 - their tables, jobs and listeners
from app.kernel.database import APP_ROLE, OPERATOR_ROLE, SCHEDULER_ROLE, db, driver_url, role_url
from config import Config

#: Every room with an `init_app`, lowest first.
ROOMS = (
    "adapters",
    "web",
    "accounts",
    "organizations",
    "activity",
    "mailboxes",
    "documents",
    "discussions",
    "inbox",
    "search",
    "projects",
    "boards",
    "pages",
    "desk",
    "dashboards",
    "annotation",
    "handoffs",
    "exchange",
    "shell",
    "demo",
    "operating",
)


def rooms() -> list[ModuleType]:
    """Import every room, and its models with it."""
    for name in ROOMS:
        if find_spec(f"app.{name}.models"):
            importlib.import_module(f"app.{name}.models")
    return [importlib.import_module(f"app.{name}") for name in ROOMS]


def build(config: Config | None = None) -> Flask:
    """The application. Needs a database and a Redis: the supervisor starts the embedded ones and says where."""
    config = config or Config()
    app = Flask("app", template_folder="../templates", static_folder="../static", static_url_path="/static")
    app.config.update(_settings(config))
    app.extensions["trestleboard"] = config
    app.extensions["redis"] = Redis.from_url(config.redis_url or "redis://127.0.0.1:6379/0", socket_timeout=5)
    db.init_app(app)
    for room in rooms():
        if start := getattr(room, "init_app", None):
            start(app)
    return app


def _settings(config: Config) -> dict[str, object]:
    embedded = bool(os.environ.get("TRESTLE_EMBEDDED"))
    owner = config.database_url or "postgresql+psycopg:///trestle"
    application = (
        driver_url(config.app_database_url) if config.app_database_url else role_url(owner, APP_ROLE, embedded=embedded)
    )
    secure = config.base_url.startswith("https://")
    newest, *older = [part for part in config.secret.split(",") if part]
    return {
        "SECRET_KEY": newest,
        "SECRET_KEY_FALLBACKS": older,
        "TESTING": config.testing,
        "SQLALCHEMY_DATABASE_URI": application,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            # A refusal is written over a connection of its own: each thread may need two.
            "pool_size": config.web_threads,
            "max_overflow": config.web_threads,
            "pool_recycle": 1800,
        },
        "SCHEDULER_DATABASE_URL": role_url(owner, SCHEDULER_ROLE, embedded=embedded),
        "OPERATOR_DATABASE_URL": role_url(owner, OPERATOR_ROLE, embedded=embedded),
        # With the prefix a browser takes the cookie from this very host only, so no sister host can plant one.
        "SESSION_COOKIE_NAME": "__Host-trestleboard" if secure else "trestleboard",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": 30 * 86400,
        "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 3 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }
