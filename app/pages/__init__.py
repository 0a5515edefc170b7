"""Pages: texts that a team keeps, in a tree of the organization or of a project. Its noun: `page`.

Who sees a page is one clause (`policies.visible_to`). That a private page has nothing public below it is kept by the
commands, which hold the tree of their space (`queries.lineage.hold_tree`) while they look at it.
"""

from __future__ import annotations

from flask import Flask

from app.kernel.events import register
from app.pages import events, exporting, leaving, nouns  # noqa: F401 - it declares its part
from app.pages.queries.finding import as_found
from app.pages.routes import bp
from app.search.finders import show_as


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    leaving.set_up()
    register(nouns.page, events=events.ALL)
    show_as("page", as_found)
