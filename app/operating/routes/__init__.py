"""The console of whoever runs the installation, and `/metrics`. It belongs to no organization."""

from flask import Blueprint

bp = Blueprint("operating", __name__, url_prefix="/operator")

from app.operating.routes import mail, measures, organizations, overview, people, work  # noqa: E402, F401
