"""Connections as the accounts' room knows providers: found by their key, before anybody is inside."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.providers import Kind as Speaks
from app.accounts.providers import Provider
from app.kernel.access import Role
from app.kernel.crypto import encryption
from app.kernel.database import db
from app.kernel.errors import Forbidden
from app.kernel.ledger import record_created
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.models import Kind, Member, SsoConnection, SsoDomain
from app.organizations.queries import home_of, lock_organization
from app.organizations.sso.queries import inside, name_of_organization, organization_of_connection, works_here


class Connections:
    """`accounts.providers.Source` of the keys `sso-<number>`."""

    def find(self, key: str) -> Provider | None:
        """With a `?` behind it also one that is switched off: to be tested, not to be come in by."""
        number = key.removeprefix("sso-").removesuffix("?")
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            return None
        organization_id = organization_of_connection(int(number))
        if organization_id is None:
            return None
        with inside(organization_id):
            row = db.session.scalar(select(SsoConnection).where(SsoConnection.id == int(number)))
            name = name_of_organization(organization_id)
            if row is None or name is None or not (row.enabled or key.endswith("?")):
                return None
            return provider_of(row, proved_domains(row.id), home=home_of(name[0]))

    def has_member(self, provider: Provider, user_id: int) -> bool:
        with inside(provider.organization_id or 0):
            return works_here(user_id)

    def welcome(self, provider: Provider, user_id: int) -> None:
        """A new person, whose address is of a proved domain: a member, with the least that members have."""
        with inside(provider.organization_id or 0):
            lock_organization()
            row = db.session.scalar(select(SsoConnection).where(SsoConnection.id == provider.connection_id))
            user = db.session.get_one(User, user_id)
            known = db.session.scalar(select(Member.id).where(Member.user_id == user_id))
            if row is None or not row.enabled or not row.makes_members or known is not None:
                raise Forbidden(_("You are not a member of this organization. Ask to be invited."))
            member = Member(
                user_id=user_id,
                kind=Kind.PERSON,
                name=user.name,
                email=user.email,
                role=Role.MEMBER,
                hue=user_id % 8 + 1,
            )
            member.look_like(user)
            db.session.add(member)
            record_created(events.MEMBER_JOINED, [member], by=member, connection=row.id)
            db.session.flush()


def proved_domains(connection_id: int) -> frozenset[str]:
    asked = select(SsoDomain.domain).where(SsoDomain.connection_id == connection_id, SsoDomain.proved_at.is_not(None))
    return frozenset(db.session.scalars(asked))


def provider_of(row: SsoConnection, domains: frozenset[str], *, home: str) -> Provider:
    try:
        secret = encryption().decrypt(row.secret.encode()).decode()
    except InvalidToken:
        secret = ""  # it was encrypted with a secret of the instance that is gone: the provider will say no
    return Provider(
        key=row.key,
        name=row.name,
        kind=Speaks.OIDC,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=secret,
        organization_id=row.organization_id,
        connection_id=row.id,
        home=home,
        domains=domains,
        makes_members=row.makes_members,
    )
