"""Addresses of people: signing up, in and out, and what belongs to their account."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from app.accounts.routes import (  # noqa: E402, F401 - they add their views
    browsers,
    details,
    ending,
    exports,
    links,
    newsletters,
    profile,
    providers,
    reproof,
    second_step,
    signing,
    two_factor,
)
