"""A connection that the server closed while it waited is replaced before anybody meets it."""

from __future__ import annotations

from sqlalchemy import text

from app.kernel.database import db


def test_a_waiting_connection_that_was_ended_is_replaced(app, owner) -> None:
    db.session.execute(text("SELECT 1"))
    backend = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    with owner.begin() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    assert db.session.scalar(text("SELECT pg_backend_pid()")) != backend
