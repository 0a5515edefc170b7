"""Boards: issues, and the boards they stand on. Its noun is `issue`."""

from __future__ import annotations

from flask import Flask

from app.boards import datasets, events, nouns
from app.boards.routes import bp
from app.kernel.datasets import register_dataset
from app.kernel.events import register


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register(nouns.issue, events=events.ALL)
    register_dataset(datasets.issues)
