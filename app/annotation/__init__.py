"""Annotation: labelling projects, their tasks, and the stream in which people label them.

Its nouns: `labelling`, `task`.
"""

from __future__ import annotations

from flask import Flask

from app.annotation import events, exporting, jobs, leaving, nouns  # noqa: F401 - it declares its part
from app.annotation.routes import bp
from app.kernel.events import register


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    leaving.set_up()
    register(nouns.labelling, events=events.LABELLINGS)
    register(nouns.task, events=events.TASKS)


__all__ = ["init_app", "jobs"]
