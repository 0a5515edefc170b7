"""Backfills: slice by slice, through every organization, past a kill, and while old code goes on writing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from app.kernel import backfills, timers
from app.kernel.database import current_organization_id, db
from app.kernel.tenancy import enter, organization
from app.search.models import SearchDocument
from tests.world import World


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test declares."""
    monkeypatch.setattr(backfills, "_declared", {})


@pytest.fixture
def shelf(owner: sa.Engine) -> Iterator[sa.Engine]:
    """A table as the former release made it: `title`. The new one has a column `folded` beside it, empty at first."""
    with owner.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE shelf (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org bigint, title text)"
        )
        connection.exec_driver_sql("ALTER TABLE shelf ADD COLUMN folded text")
    yield owner
    with owner.begin() as connection:
        connection.exec_driver_sql("DROP TABLE shelf")


def _old_code_writes(owner: sa.Engine, org: int, *titles: str) -> None:
    with owner.begin() as connection:
        for title in titles:
            connection.execute(
                sa.text("INSERT INTO shelf (org, title) VALUES (:org, :title)"), {"org": org, "title": title}
            )


def _folding(most_seen: list[int]) -> backfills.Step:
    """What a room of the new release declares: it looks for what is still old, so repeating it does no harm."""

    def fold(cursor: str, most: int) -> tuple[str | None, int]:
        found = (
            db.session.execute(
                sa.text(
                    "UPDATE shelf SET folded = lower(title) WHERE id IN (SELECT id FROM shelf"
                    " WHERE org = :org AND folded IS NULL AND id > :after ORDER BY id LIMIT :most) RETURNING id"
                ),
                {"org": current_organization_id(), "after": int(cursor or 0), "most": most},
            )
            .scalars()
            .all()
        )
        most_seen.append(len(found))
        return (str(max(found)), len(found)) if found else (None, 0)

    return fold


def _plan(owner: sa.Engine) -> None:
    with owner.begin() as connection:
        backfills.plan(connection)


def _row(name: str) -> backfills.Backfill:
    enter(None)
    return db.session.get_one(backfills.Backfill, name, populate_existing=True)


def test_old_code_writes_on_the_new_schema_and_nothing_stays_old(shelf: sa.Engine, world: World) -> None:
    seen: list[int] = []
    backfills.backfill("fold", "titles")(_folding(seen))
    _old_code_writes(shelf, world.organization_id, "One", "Two", "Three")
    _old_code_writes(shelf, world.rival_id, "Four")
    _plan(shelf)
    backfills.run_slice(2)
    _old_code_writes(shelf, world.organization_id, "Late")  # the former release still runs beside the new one
    while backfills.run_slice(2):
        pass
    with shelf.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM shelf WHERE folded IS NULL").scalar()
    row = _row("fold")
    assert left == 0
    assert max(seen) == 2
    assert (row.rows_done, row.organizations_done, row.finished_at is not None) == (5, 2, True)


def test_a_killed_worker_costs_one_slice_at_most(shelf: sa.Engine, world: World, app: Flask) -> None:
    fold = _folding([])
    backfills.backfill("fold", "titles")(fold)
    _old_code_writes(shelf, world.organization_id, *(f"T{number}" for number in range(6)))
    _plan(shelf)
    assert backfills.run_slice(2)
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:  # a worker's process: it dies with its second slice written and not committed
        calls: list[int] = []

        def dying(cursor: str, most: int) -> tuple[str | None, int]:
            found = fold(cursor, most)
            calls.append(1)
            if len(calls) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        try:
            backfills.backfill("fold", "titles")(dying)
            while backfills.run_slice(2):
                pass
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert _row("fold").rows_done == 4
    while backfills.run_slice(2):
        pass
    with shelf.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM shelf WHERE folded IS NULL").scalar() == 0
    assert _row("fold").rows_done == 6


def test_one_that_fails_is_put_off_says_why_and_leaves_nothing_half_done(owner: sa.Engine, world: World) -> None:
    def broken(cursor: str, most: int) -> tuple[str | None, int]:
        raise ValueError("no such colour")

    backfills.backfill("broken", "colours")(broken)
    _plan(owner)
    assert backfills.run_slice()
    row = _row("broken")
    assert (row.attempts, row.error, row.finished_at) == (1, "ValueError: no such colour", None)
    assert not backfills.run_slice(), "not before its time"
    backfills.backfill("broken", "colours")(lambda cursor, most: (None, 0))
    backfills.resume("broken")
    db.session.commit()
    while backfills.run_slice():
        pass
    assert _row("broken").finished_at is not None


def test_paused_it_rests_and_goes_on_where_it_stopped(owner: sa.Engine, world: World) -> None:
    places: list[str] = []

    def walk(cursor: str, most: int) -> tuple[str | None, int]:
        places.append(cursor)
        return (None, 1) if cursor else ("b", 1)

    backfills.backfill("walk", "steps", everywhere=False)(walk)
    _plan(owner)
    assert backfills.run_slice()
    backfills.pause("walk")
    db.session.commit()
    assert not backfills.run_slice()
    backfills.resume("walk")
    db.session.commit()
    while backfills.run_slice():
        pass
    assert places == ["", "b"]
    backfills.begin_again("walk")
    db.session.commit()
    assert _row("walk").rows_done == 0


def test_the_scheduler_asks_for_what_is_due(owner: sa.Engine, world: World, scheduler: sa.Engine, work) -> None:
    done: list[int | None] = []
    backfills.backfill("count", "organizations")(
        lambda cursor, most: (done.append(current_organization_id()), (None, 0))[1]
    )
    _plan(owner)
    timers.tick(scheduler)
    work()
    assert sorted(done) == sorted([world.organization_id, world.rival_id])


def test_an_empty_database_has_nothing_old(owner: sa.Engine, app: Flask) -> None:
    backfills.backfill("late", "nothing")(lambda cursor, most: (None, 0))
    _plan(owner)
    assert _row("late").finished_at is not None
    assert not backfills.run_slice()


def test_what_search_knows_is_written_anew_in_slices(owner: sa.Engine, world: World) -> None:
    from app.search.indexing import index_slice

    world.issues(5, title="Toner")
    backfills.backfill("search_words", "words")(index_slice)
    _plan(owner)
    while backfills.run_slice(2):
        pass
    with organization(world.organization_id):
        found = db.session.scalars(select(SearchDocument.subject_id).where(SearchDocument.noun == "issue")).all()
    assert len(found) == 5
    assert _row("search_words").rows_done > 5
