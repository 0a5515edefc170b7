"""An organization with a provider of its own, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.test import TestResponse

from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.organizations.sso.commands import ConnectionDraft, add_domain, create_connection, prove_domain
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, onward
from tests.visitors import Visitor
from tests.world import World


def connect(
    world: World,
    provider: IdentityProvider,
    *,
    whose: str = "alice",
    domains: Sequence[str] = ("example.test",),
    makes_members: bool = False,
    enabled: bool = True,
) -> str:
    """A connection of the organization that somebody owns, its domains proved. Its key."""
    owner = world.cast[whose]
    where = world.rival_id if owner.slug == "rival" else world.organization_id
    with world.app.app_context(), organization(where):
        by = db.session.get_one(Member, (where, owner.member_id))
        draft = ConnectionDraft("Our login", provider.issuer, CLIENT, SECRET, enabled, makes_members)
        made = create_connection(draft, by=by)
        for name in domains:
            claimed = add_domain(made, name, by=by)
            prove_domain(made, claimed, by=by, look_up=lambda _: [claimed.code])  # noqa: B023 - asked at once
        return made.key


def come_by(visitor: Visitor, provider: IdentityProvider, key: str, subject: str, **form: str) -> TestResponse:
    """Through the provider and back."""
    answer = visitor.post(f"/sign-in/with/{key}", form)
    assert answer.status_code == 200, answer.text
    back = visitor.get(provider.come_back(onward(answer.text), subject))
    visitor.csrf = ""  # signing in makes a new one
    return back
