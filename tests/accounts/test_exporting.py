"""A copy of one's own data: made by a job, of what one may see, for oneself alone, for a week."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import exporting
from app.accounts.commands.exports import TRIES
from app.accounts.models import DataExport, Stage, UserSession
from app.kernel import jobs, timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.organizations.models import Member
from tests.pictures import kept, sent
from tests.visitors import Letter
from tests.world import Person, World

Post = Callable[..., list[Letter]]
Work = Callable[[], None]


def copies(person: Person) -> list[DataExport]:
    enter(None)
    db.session.expire_all()
    found = sa.select(DataExport).where(DataExport.user_id == person.user_id).order_by(DataExport.id)
    return list(db.session.scalars(found))


def taken(person: Person) -> zipfile.ZipFile:
    answer = person.get(f"/account/data/{copies(person)[-1].id}/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return list(json.loads(archive.read(name)))


def test_it_holds_what_is_about_oneself_and_what_one_may_see(
    world: World, bob: Person, alice: Person, olaf: Person, work: Work, post: Post
) -> None:
    mine = world.issue("Bobs bridge", body="Two lanes")
    works_on = world.issue("Shared", assignees=(olaf.member_id,))
    bob.post(f"/acme/issue/{mine.id}/comments", {"body": "Bob was here"})
    bob.post(f"/acme/issue/{mine.id}/attachments", {"files": sent(b"a plan", "plan.txt")})
    alice.post(f"/acme/issue/{mine.id}/comments", {"body": "Alice was here"})
    bob.post(f"/acme/issue/{works_on.id}/favourite")
    bob.post("/account/details", {"ethnicity": "Sorbian", "country_of_origin": ""})
    assert bob.post("/account/data").status_code == 303
    work()
    assert post("bob@example.test")[-1].link == "/account/data"
    archive = taken(bob)
    assert rows(archive, "account.json")[0]["email"] == "bob@example.test"
    assert "password_hash" not in rows(archive, "account.json")[0]
    assert rows(archive, "private-details.json")[0]["ethnicity"] == "Sorbian"
    issues = {row["title"]: row for row in rows(archive, "acme/issues.json")}
    assert issues["Bobs bridge"]["body"] == "Two lanes"
    assert [row["body"] for row in rows(archive, "acme/comments.json")] == ["Bob was here"]
    assert len(rows(archive, "acme/favourites.json")) == 1
    assert rows(archive, "acme/membership.json")[0]["role"] == "member"
    assert rows(archive, "acme/activities.json")
    files = [name for name in archive.namelist() if name.startswith("acme/files/")]
    assert [archive.read(name) for name in files] == [b"a plan"]
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Alice was here" not in whole
    assert bob.token.encode() not in whole


def test_what_one_sees_no_more_is_left_out(world: World, olaf: Person, bob: Person, work: Work) -> None:
    """Olaf is assigned in a project that he is no member of; Bob has left the organization."""
    world.issue("Behind the door", assignees=(olaf.member_id,))
    with organization(world.organization_id):
        db.session.get_one(Member, (world.organization_id, bob.member_id)).left_at = now()
    for person in (olaf, bob):
        person.post("/account/data")
    work()
    assert rows(taken(olaf), "acme/issues.json") == []
    assert not [name for name in taken(bob).namelist() if name.startswith("acme/")]


def test_nobody_else_takes_it_and_nobody_without_proof(bob: Person, alice: Person, app: Flask, work: Work) -> None:
    bob.post("/account/data")
    work()
    address = f"/account/data/{copies(bob)[-1].id}/file"
    assert alice.get(address).status_code == 404
    assert app.test_client().get(address).headers["Location"].startswith("/sign-in")
    sessions = sa.update(UserSession).where(UserSession.user_id == bob.user_id)
    db.session.execute(sessions.values(reauthenticated_at=now() - timedelta(hours=1)))
    db.session.commit()
    assert "/account/proof" in bob.get(address).headers["Location"]


def test_one_at_a_time_and_a_new_one_replaces_the_old(app: Flask, bob: Person, work: Work) -> None:
    before = len(kept(app))
    for _ in range(2):
        bob.post("/account/data")
    assert [row.stage for row in copies(bob)] == [Stage.WORKING]
    work()
    bob.post("/account/data")
    work()
    assert [row.stage for row in copies(bob)] == [Stage.GONE, Stage.READY]
    assert len(kept(app)) == before + 1
    assert "Ready" in bob.get("/account/data").text
    assert "hx-trigger" not in bob.get("/account/data/progress").text


def test_after_a_week_it_is_taken_away(app: Flask, bob: Person, scheduler: sa.Engine, work: Work) -> None:
    before = len(kept(app))
    bob.post("/account/data")
    work()
    address = f"/account/data/{copies(bob)[-1].id}/file"
    due = copies(bob)[-1].due_at
    assert due
    assert due > now() + timedelta(days=6)
    db.session.execute(sa.update(DataExport).values(due_at=now() - timedelta(seconds=1)))
    db.session.commit()
    assert bob.get(address).status_code == 404  # at once, whenever the file goes
    timers.tick(scheduler)
    work()
    assert copies(bob)[-1].stage is Stage.GONE
    assert len(kept(app)) == before


@pytest.fixture
def trouble() -> Iterator[list[int]]:
    """A contributor that fails as long as the list holds something."""
    left: list[int] = []

    def fail(user_id: int) -> exporting.Steps:
        if left:
            left.pop()
            raise OSError("the worker is gone")
        yield []

    exporting.contribute("trouble", fail)
    yield left
    exporting._contributors.pop("trouble")


def test_what_a_dead_worker_left_is_made_by_another(
    bob: Person, scheduler: sa.Engine, work: Work, trouble: list[int], post: Post
) -> None:
    trouble.append(1)
    bob.post("/account/data")
    work()
    assert copies(bob)[-1].stage is Stage.WORKING
    assert "Being made" in bob.get("/account/data").text
    jobs.queue().empty()
    db.session.execute(sa.update(DataExport).values(due_at=now()))  # the lease is over
    db.session.commit()
    timers.tick(scheduler)
    work()
    assert copies(bob)[-1].stage is Stage.READY
    assert len(post("bob@example.test")) == 1


def test_what_fails_again_and_again_says_so(bob: Person, scheduler: sa.Engine, work: Work, trouble: list[int]) -> None:
    trouble.extend(range(TRIES))
    bob.post("/account/data")
    for _ in range(TRIES + 1):
        work()
        jobs.redis().flushdb()
        enter(None)
        db.session.execute(sa.update(DataExport).where(DataExport.due_at.is_not(None)).values(due_at=now()))
        db.session.commit()
        timers.tick(scheduler)
    work()
    assert copies(bob)[-1].stage is Stage.FAILED
    assert "could not be made" in bob.get("/account/data").text
    assert bob.post("/account/data").status_code == 303
