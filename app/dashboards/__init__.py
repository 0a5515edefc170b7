"""Dashboards: sources of data, questions to them, drawn answers, and reports that are mailed.

Its nouns: `source`, `question`, `dashboard`, `report`.
"""

from __future__ import annotations

from flask import Flask

from app.dashboards import events, jobs, leaving, models, nouns, runs
from app.dashboards.routes import bp
from app.inbox import kinds
from app.kernel.events import register
from app.kernel.words import lazy


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    leaving.set_up()
    kinds.add_kind("reports", lazy("A report of mine"), nouns=("report",))
    register(nouns.source, events=events.SOURCES)
    register(nouns.question, events=events.QUESTIONS)
    register(nouns.dashboard, events=events.DASHBOARDS)
    register(nouns.report, events=events.REPORTS)


__all__ = ["init_app", "jobs", "models", "runs"]
