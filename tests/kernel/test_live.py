"""Live versions: opaque, and a wiped Redis only costs a refresh."""

from __future__ import annotations

from flask import Flask

from app.kernel import live
from app.kernel.database import db
from app.kernel.jobs import redis
from tests.world import World


def test_a_commit_moves_what_was_touched_and_a_rollback_does_not(inside: World) -> None:
    topic = f"{inside.organization_id}:board-1"
    live.touch("board-1")
    db.session.rollback()
    db.session.commit()
    assert live.versions(redis(), [topic])[topic] == live.NEVER_MOVED
    live.touch("board-1")
    with db.session.begin_nested():
        live.touch("board-2")
    assert live.versions(redis(), [topic])[topic] == live.NEVER_MOVED, "a released savepoint is no commit"
    db.session.commit()
    first = live.versions(redis(), [topic])[topic]
    assert first != live.NEVER_MOVED


def test_versions_never_repeat_across_a_flush(app: Flask) -> None:
    seen = set()
    for _ in range(50):
        live.publish(redis(), ["1:board-1"])
        seen.add(live.versions(redis(), ["1:board-1"])["1:board-1"])
        redis().flushdb()
    assert len(seen) == 50


def test_the_mover_learns_what_was_there_before(app: Flask) -> None:
    first = live.publish(redis(), ["1:a"])["1:a"]
    second = live.publish(redis(), ["1:a"])["1:a"]
    assert first[0] == live.NEVER_MOVED
    assert second[0] == first[1] != second[1]
