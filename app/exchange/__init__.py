"""Exchange: bringing issues in from CSV files, with a mapping, a dry run and a report. Its noun is `import`."""

from __future__ import annotations

from flask import Flask, url_for
from sqlalchemy.orm import joinedload

from app.boards.policies import P
from app.exchange import commands, events, jobs, policies
from app.exchange.models import Import
from app.exchange.routes import bp
from app.kernel.events import Noun, register

noun = Noun(
    name="import",
    model=Import,
    icon="upload",
    title=lambda record: record.filename,
    url=lambda record: url_for("exchange.show_import", identifier=record.project.identifier, number=record.number),
    visible=policies.visible_to,
    audience=lambda record: [f"project:{record.project_id}"],
    text=lambda record: [record.filename],
    load=(joinedload(Import.project),),
    # No fields: each event's own sentence says more than "changed the status".
)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register(noun, events=events.ALL, actions=[(P.IMPORT, commands.start_imports), (P.IMPORT, commands.cancel_imports)])


__all__ = ["init_app", "jobs", "noun"]
