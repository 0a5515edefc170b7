"""Accounts: people and how they sign in. Users, browsers that are signed in, links that prove an address."""

from __future__ import annotations

from flask import Flask
from flask_login import current_user

from app.accounts import confinement, jobs, pages, security, sessions  # noqa: F401 - jobs declare themselves
from app.accounts.browsers import browser_name
from app.accounts.own_data import contribute_own
from app.accounts.providers import for_everybody
from app.accounts.routes import bp
from app.web import guard, words
from app.web.safety import login


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(account_pages=pages.account_pages, way_back=pages.way_back)
    app.jinja_env.filters["browser_name"] = browser_name
    app.jinja_env.globals["sign_in_providers"] = for_everybody
    login.user_loader(sessions.find)
    guard.tell_refusals(security.remember_event)
    guard.fence_with(confinement.may_be_there)
    words.choose_with(lambda: current_user.language if current_user.is_authenticated else None)
    contribute_own()
