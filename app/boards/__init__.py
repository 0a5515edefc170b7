"""Boards: issues, and the boards they stand on. Its noun is `issue`."""

from __future__ import annotations

from flask import Flask

from app.boards import datasets, events, exporting, leaving, nouns, retention  # noqa: F401 - it declares its part
from app.boards.commands.labels import bearers
from app.boards.routes import bp
from app.kernel.datasets import register_dataset
from app.kernel.events import register
from app.kernel.words import lazy
from app.projects.counting import count_labels_with
from app.projects.models import Feature
from app.projects.settings import add_page


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    leaving.set_up()
    register(nouns.issue, events=events.ALL)
    add_page("boards.show_scale", lazy("Estimates"), Feature.ESTIMATES)
    count_labels_with(bearers)
    register_dataset(datasets.issues)
    retention.set_up()
