"""Activity: what happened, as the history of one noun, as a stream of all that a member may see, and as the audit.

The rows are the kernel's ledger; here they become sentences.
"""

from __future__ import annotations

from flask import Flask

from app.activity.routes import bp
from app.kernel.words import lazy
from app.organizations.settings import add_page


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_page("activity.show_audit", lazy("Audit"))
    add_page("activity.list_security_events", lazy("Security events"))
