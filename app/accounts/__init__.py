"""Accounts: people and how they sign in. Users, browsers that are signed in, links that prove an address."""

from __future__ import annotations

from flask import Flask

from app.accounts import pages, security, sessions
from app.accounts.routes import bp
from app.web import guard
from app.web.safety import login


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(account_pages=pages.account_pages, way_back=pages.way_back)
    login.user_loader(sessions.find)
    guard.tell_refusals(security.remember_event)
