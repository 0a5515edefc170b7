"""Somebody deletes a state or a label while somebody else puts issues there: told so, and nothing is half done."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from app.boards.models import Issue
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.world import Person, World

_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("board/moves", {"state": "Done"}),
        ("issues/state", {"state": "Done"}),
        ("issues/labels", {"labels": "Bug"}),
        ("issues", {"state": "Done", "title": "Late", "priority": "0"}),
    ],
)
def test_what_it_needs_is_deleted_in_that_moment(
    world: World, bob: Person, owner: sa.Engine, address: str, sent: dict[str, str]
) -> None:
    issue, known = world.issue(), world.ids.states | world.ids.labels
    form = {name: known.get(value, value) for name, value in sent.items()} | {"ids": issue.id}
    table, gone = ("labels", form["labels"]) if "labels" in form else ("states", form["state"])
    answers: list[int] = []
    sends = threading.Thread(target=lambda: answers.append(bob.post(f"/acme/projects/WEB/{address}", form).status_code))
    with owner.connect() as deleting:
        deleting.execute(sa.text(f"DELETE FROM {table} WHERE id = :gone"), {"gone": gone})
        sends.start()
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            while sends.is_alive() and not looking.scalar(sa.text(_WAITS)):
                sends.join(0.02)
        deleting.commit()
    sends.join()
    assert answers == [409]
    with organization(world.organization_id):
        assert db.session.scalars(sa.select(Issue.state_id)).all() == [world.ids.states["Todo"]]
