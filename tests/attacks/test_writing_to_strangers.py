"""We write to strangers only so often as one person may have us, and tell nobody which of them we know."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import SecurityEvent
from app.kernel.database import db
from app.kernel.jobs import redis
from app.organizations.routes.invitations import BY_PERSON
from tests.visitors import Visitor
from tests.world import Person

_SENT = {"role": "member", "days": "7", "uses": "1", "email": "stranger@example.test"}


def test_another_organization_is_no_second_allowance(mallory: Person) -> None:
    assert mallory.post("/new", {"name": "Rival Two", "slug": "rival-two"}).location == "/rival-two/"
    assert mallory.post("/rival-two/settings/invitations", _SENT).status_code == 200
    redis().set(BY_PERSON.key(str(mallory.user_id)), BY_PERSON.most, ex=60)
    for slug in ("rival", "rival-two"):
        assert mallory.post(f"/{slug}/settings/invitations", _SENT).status_code == 429


def test_a_reset_asked_for_in_vain_is_written_down_too(app, world) -> None:  # type: ignore[no-untyped-def]
    """Whoever goes through addresses leaves a trace, and the answer takes the way to the disk that a letter takes."""
    visitor, asked = Visitor(app), ("alice@example.test", "nobody@example.test")
    pages = [visitor.post("/password", {"email": email}).text for email in asked]
    assert pages[0].replace("alice@", "nobody@")[:3000] == pages[1][:3000]
    asked_for = select(SecurityEvent.kind, SecurityEvent.details["address"].astext).order_by(SecurityEvent.id)
    events = db.session.execute(asked_for).all()
    assert [tuple(event) for event in events] == [
        ("password.reset_asked", None),
        ("password.reset_in_vain", "nobody@example.test"),
    ]
