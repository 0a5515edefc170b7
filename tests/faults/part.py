"""A part of the application in a process of its own, in which something goes wrong: `python -m tests.faults.part …`.

worker <file>   a worker whose consumer `slow` and alarm `slow` write their pid into the file and then never end
worker          a worker without them
web <file>      a web server, its port in the file, that kills itself right after the commit of an activity
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import create_app
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.outbox import consumer
from app.kernel.timers import alarm
from app.kernel.worker import run_worker
from tests.faults.work import write_down


def _hang(file: Path) -> None:
    file.write_text(str(os.getpid()))
    time.sleep(600)


def worker(app: Flask, file: Path | None) -> None:
    if file:

        @consumer("slow")
        def consume(activity: Activity) -> None:
            write_down(activity.id, activity.actor_id)
            db.session.flush()
            _hang(file)

        @alarm
        def slow(subject_id: int) -> None:
            write_down(subject_id, None)
            db.session.flush()
            _hang(file)

    run_worker(app)


def web(app: Flask, file: Path) -> None:
    @event.listens_for(Session, "after_commit", insert=True)
    def die(session: Session) -> None:
        if session.info.get("recorded") and not session.in_nested_transaction():
            os.kill(os.getpid(), signal.SIGKILL)

    server = make_server("127.0.0.1", 0, app)
    file.write_text(str(server.port))
    server.serve_forever()


if __name__ == "__main__":
    parts: dict[str, Any] = {"worker": worker, "web": web}
    parts[sys.argv[1]](create_app(), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
