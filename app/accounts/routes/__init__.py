"""Addresses of people: signing up, in and out, and what belongs to their account."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from app.accounts.routes import signing  # noqa: E402, F401 - it adds its views
