"""A right that ends while a job works by it: the job stops at its next part, says so, and writes nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import select, update

from app.dashboards import jobs as loading
from app.dashboards.models.sources import Status as Loaded
from app.exchange import jobs as importing
from app.exchange.models import Status
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import CustomRole, PermissionGrant
from app.projects.models import ProjectMember
from app.projects.models.people import Standing
from tests.dashboards.tables import SALES, choices, source_of, upload
from tests.exchange.conftest import Desk, desk
from tests.exchange.test_edges import rows
from tests.exchange.test_import import issues, latest
from tests.world import Person, World

__all__ = ["desk"]
MEMBERS, ROLES = "/acme/settings/members", "/acme/settings/roles"
Work = Callable[[], None]


def _role(alice: Person, world: World, *permissions: str) -> int:
    """A role of Acme's own that may do this."""
    sent = {"name": "Lead", "description": "", "base": "member", "permissions": list(permissions)}
    assert alice.post(ROLES, sent).status_code == 303
    with organization(world.organization_id):
        return db.session.scalars(select(CustomRole.id)).one()


def _give(alice: Person, who: Person, role: str) -> None:
    assert alice.post(f"{MEMBERS}/role", {"ids": who.member_id, "role": role}).status_code == 303


def _grant(alice: Person, who: Person, world: World, permission: str) -> int:
    sent = {"permission": permission, "days": "1", "reason": "Holidays"}
    assert alice.post(f"{MEMBERS}/{who.member_id}/grants", sent).status_code == 303
    with organization(world.organization_id):
        return db.session.scalars(select(PermissionGrant.id)).one()


def _between(monkeypatch: pytest.MonkeyPatch, jobs: ModuleType, happens: Callable[[], object]) -> list[int | None]:
    """Something happens after the job's first part, by another request. What the parts came to, so far."""
    parts: list[int | None] = []
    advance = jobs._advance

    def advance_and_see(*args: object) -> int | None:
        parts.append(advance(*args))
        if len(parts) == 1:
            happens()
        return parts[-1]

    monkeypatch.setattr(jobs, "_advance", advance_and_see)
    return parts


@pytest.fixture
def started(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """An import of 25 rows in parts of ten, in whose middle something happens. Its address."""

    def start(happens: Callable[[], object]) -> str:
        monkeypatch.setattr(importing, "BATCH", 10)
        address = desk.uploaded(rows(25))
        desk.check(address)
        parts = _between(monkeypatch, importing, happens)
        assert desk.person.post(f"{address}/run").status_code == 303
        desk.work()
        assert len(parts) == 2, "it began, went on, and stopped"
        return address

    return start


def _stopped(world: World, alice: Person, address: str) -> None:
    record = latest(world)
    assert (record.status, record.rows_done) == (Status.FAILED, 10)
    assert len(issues(world)) == 10
    page = alice.get(address).text
    assert "Bob may not import into this project any more." in page
    assert "Go on importing" in page


def test_a_role_is_taken(world: World, alice: Person, bob: Person, started: Callable[..., str]) -> None:
    _stopped(world, alice, started(lambda: _give(alice, bob, "viewer")))


def test_a_role_of_their_own_allows_less(world: World, alice: Person, bob: Person, started: Callable[..., str]) -> None:
    role = _role(alice, world, "project:view", "issue:view", "issue:import")
    _give(alice, bob, f"own-{role}")

    def lessen() -> None:
        less = {"name": "Lead", "description": "", "base": "member", "permissions": ["project:view", "issue:view"]}
        version = re.search(r'name="version" value="(\d+)"', alice.get(f"{ROLES}/{role}").text)
        answer = alice.post(f"{ROLES}/{role}", {**less, "version": version[1] if version else ""})
        assert answer.status_code == 303, answer.text

    _stopped(world, alice, started(lessen))


@pytest.mark.parametrize("end", ["revoked", "over"])
def test_a_grant_ends(world: World, alice: Person, bob: Person, started: Callable[..., str], end: str) -> None:
    _give(alice, bob, "viewer")
    grant = _grant(alice, bob, world, "issue:import")

    def ended() -> None:
        if end == "revoked":
            assert alice.post(f"{MEMBERS}/{bob.member_id}/grants/{grant}/revocation").status_code == 303
            return
        with alice.app.app_context(), organization(world.organization_id):
            past = {"created_at": now() - timedelta(days=1), "expires_at": now() - timedelta(seconds=1)}
            db.session.execute(update(PermissionGrant).values(**past))

    _stopped(world, alice, started(ended))


def test_one_is_a_guest_of_the_project_from_now_on(
    world: World, alice: Person, bob: Person, started: Callable[..., str]
) -> None:
    """The role in the organization still allows it; the project does not."""

    def lowered() -> None:
        with alice.app.app_context(), organization(world.organization_id):
            here = (ProjectMember.member_id == bob.member_id, ProjectMember.project_id == world.ids.web)
            db.session.execute(update(ProjectMember).where(*here).values(role=Standing.GUEST))

    _stopped(world, alice, started(lowered))


def test_one_is_removed(world: World, alice: Person, bob: Person, started: Callable[..., str]) -> None:
    def removed() -> None:
        assert alice.post(f"{MEMBERS}/removal", {"ids": bob.member_id}).status_code == 303

    address = started(removed)
    assert len(issues(world)) == 10
    assert "Bob may not import into this project any more." in alice.get(address).text


def test_a_table_is_not_finished_by_who_may_bring_in_none(
    world: World, alice: Person, bob: Person, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PART", 2)
    _give(alice, bob, "manager")
    address = upload(bob, SALES)
    assert bob.post(f"{address}/columns", {"kind": choices(bob, address), "timezone": "UTC"}).status_code == 303
    parts = _between(monkeypatch, loading, lambda: _give(alice, bob, "member"))
    work()
    assert parts == [2, None]
    source = source_of(world)
    assert (source.status, source.data_file) == (Loaded.FAILED, None)
    assert "Bob may not bring data in any more." in alice.get(address).text


def test_a_page_that_stands_open_tells_nothing_more(world: World, alice: Person, bob: Person) -> None:
    """Its heartbeat goes on naming topics and versions; what it would fetch then, and what it sends, is refused."""
    _grant(alice, bob, world, "organization:edit")
    page = bob.get("/acme/settings")
    beat = re.search(r'id="heartbeat"[^>]*hx-get="([^"]+)"', page.text)
    assert page.status_code == 200
    assert beat is not None
    with organization(world.organization_id):
        past = {"created_at": now() - timedelta(days=1), "expires_at": now() - timedelta(seconds=1)}
        db.session.execute(update(PermissionGrant).values(**past))
    sent = {"name": "Mine", "timezone": "UTC", "currency": "EUR", "company_size": "", "version": "1"}
    assert bob.post("/acme/settings", sent, htmx=True).status_code == 403
    assert bob.get("/acme/settings").status_code == 403
    live = bob.get(beat[1].replace("&amp;", "&").replace("seen=", "seen=x"))
    assert live.status_code == 200
    assert "Acme" not in live.text
    assert "Alice" not in live.text
