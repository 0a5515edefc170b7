"""The inbox, following a noun, how one is told, one's devices and telephone, and the way out of the mail."""

from flask import Blueprint

bp = Blueprint("inbox", __name__)

from app.inbox.routes import devices, notices, phones, replies, settings, unsubscription  # noqa: E402, F401
