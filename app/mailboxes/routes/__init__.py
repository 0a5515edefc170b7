"""The organization's mail, out and in, and where it comes from, for those who look after it."""

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("mailboxes", __name__, url_prefix=f"{TENANT}/settings/mail")

from app.mailboxes.routes import accounts, incoming, outgoing  # noqa: E402, F401
