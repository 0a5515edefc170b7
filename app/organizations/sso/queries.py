"""Connections and their domains, as pages and the way in need them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select

from app.kernel.database import db
from app.kernel.doors import Door, find_door
from app.kernel.errors import NotFound
from app.kernel.tenancy import enter
from app.organizations.models import Kind, Member, Organization, SsoConnection, SsoDomain
from app.organizations.queries import home_of
from app.organizations.sso.nouns import visible_to

#: Doors from a mail domain, and from the number of a connection, to the organization.
DOMAIN_DOOR, CONNECTION_DOOR = "sso_domain", "sso_connection"


def connections_of(member: Member) -> Sequence[SsoConnection]:
    """All connections, by name."""
    found = select(SsoConnection).where(visible_to(member)).order_by(SsoConnection.name, SsoConnection.id)
    return db.session.scalars(found).all()


def connection_by_id(member: Member, connection_id: int) -> SsoConnection:
    """Raises NotFound."""
    found = db.session.scalar(select(SsoConnection).where(visible_to(member), SsoConnection.id == connection_id))
    if found is None:
        raise NotFound
    return found


def domains_of(connections: Sequence[SsoConnection]) -> dict[int, list[SsoDomain]]:
    """Domains by their connection. One statement."""
    found: dict[int, list[SsoDomain]] = {connection.id: [] for connection in connections}
    asked = select(SsoDomain).where(SsoDomain.connection_id.in_(found)).order_by(SsoDomain.domain)
    for domain in db.session.scalars(asked):
        found[domain.connection_id].append(domain)
    return found


def ways_in() -> Sequence[SsoConnection]:
    """The connections of the organization one is inside of that people can sign in by."""
    return db.session.scalars(
        select(SsoConnection).where(SsoConnection.enabled).order_by(SsoConnection.name, SsoConnection.id)
    ).all()


def key_of_domain(domain: str) -> str | None:
    """The provider that signs in people of a mail domain. It depends on the domain alone, so it tells of nobody."""
    door = find_door(DOMAIN_DOOR, name=domain.lower())
    return f"sso-{door.subject_id}" if door is not None else None


def organization_of_connection(connection_id: int) -> int | None:
    """Whose a connection is, before anybody is inside."""
    door: Door | None = find_door(CONNECTION_DOOR, name=str(connection_id))
    return door.organization_id if door is not None else None


@contextmanager
def inside(organization_id: int) -> Iterator[None]:
    """For a few questions inside of an organization in which nobody is signed in yet. Nothing may be left pending."""
    info = db.session().info
    former = info.get("organization_id"), info.get("user_id")
    enter(organization_id)
    try:
        yield
    except BaseException:
        db.session.rollback()
        raise
    finally:
        enter(former[0], user_id=former[1])


def works_here(user_id: int) -> bool:
    """Whether a person is a colleague in the organization one is inside of."""
    here = select(Member.id).where(Member.user_id == user_id, Member.kind == Kind.PERSON, Member.left_at.is_(None))
    return db.session.scalar(here) is not None


def is_member_elsewhere(user_id: int, organization_id: int) -> bool:
    """Whether a person is in another organization. For use outside of any: `enter(None, user_id=…)`."""
    elsewhere = select(Member.id).where(
        Member.user_id == user_id, Member.organization_id != organization_id, Member.left_at.is_(None)
    )
    return db.session.scalar(elsewhere.limit(1)) is not None


def home_of_organization(organization_id: int) -> tuple[str, str] | None:
    """(address, name) of an organization, from outside of it."""
    with inside(organization_id):
        found = name_of_organization(organization_id)
    return (home_of(found[0]), found[1]) if found else None


def name_of_organization(organization_id: int) -> tuple[str, str] | None:
    """(slug, name) of the organization one is inside of; None when it is deleted."""
    row = db.session.execute(
        select(Organization.slug, Organization.name).where(
            Organization.id == organization_id, Organization.deleted_at.is_(None)
        )
    ).first()
    return (row.slug, row.name) if row else None
