"""Every change of an organization's own sign-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts import sessions
from app.accounts.addresses import normalise
from app.accounts.models import ProviderIdentity
from app.adapters.names import NamesTrouble, texts
from app.kernel import live
from app.kernel.clock import now
from app.kernel.crypto import encryption, new_token
from app.kernel.database import db
from app.kernel.doors import Door, open_door
from app.kernel.errors import Invalid, Refused
from app.kernel.ledger import change, record, record_created
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.models import Member, Organization, SsoConnection, SsoDomain
from app.organizations.sso.queries import CONNECTION_DOOR, DOMAIN_DOOR, ways_in

#: Connections and domains that an organization may have.
MOST_CONNECTIONS, MOST_DOMAINS = 10, 50


@dataclass(frozen=True)
class ConnectionDraft:
    """What is known of a provider. `secret` None: the one that was given before."""

    name: str
    issuer: str
    client_id: str
    secret: str | None
    enabled: bool = False
    makes_members: bool = False


def create_connection(draft: ConnectionDraft, *, by: Member) -> SsoConnection:
    """Know a provider. Nobody comes in by it before it is switched on. Raises Invalid."""
    if not draft.secret:
        raise Invalid(_("The provider's secret is needed."), "secret")
    if len(db.session.scalars(select(SsoConnection.id)).all()) >= MOST_CONNECTIONS:
        raise Refused(_("There are as many connections as an organization can have."))
    connection = SsoConnection(secret=_sealed(draft.secret), created_by_id=by.id)
    _put(connection, draft)
    db.session.add(connection)
    record_created(events.CONNECTION_ADDED, [connection], by=by)
    open_door(
        CONNECTION_DOOR,
        organization_id=connection.organization_id,
        name=str(connection.id),
        subject_id=connection.id,
    )
    return connection


def edit_connection(connection: SsoConnection, draft: ConnectionDraft, *, by: Member) -> None:
    """Another issuer or client is another provider: the secret is typed anew, and nobody stays signed in by the former.

    Raises Invalid.
    """
    moved = (connection.issuer, connection.client_id) != (draft.issuer, draft.client_id)
    if moved and not draft.secret:
        raise Invalid(_("Type the secret again: it would go to another place."), "secret")
    was_on = connection.enabled
    with change(connection, event=events.CONNECTION_EDITED, by=by, always=bool(draft.secret)):
        _put(connection, draft)
        if draft.secret:
            connection.secret = _sealed(draft.secret)
    if moved or (was_on and not connection.enabled):
        sessions.end_of_connection(connection.id)
    _keep_a_way_in()


def delete_connections(connections: Sequence[SsoConnection], *, by: Member) -> None:
    """Forget providers, their domains and who is known by them; whoever came in by them is signed out."""
    with change(*connections, event=events.CONNECTION_REMOVED, by=by, always=True):
        for connection in connections:
            domains = select(SsoDomain).where(SsoDomain.connection_id == connection.id)
            _shut_doors(DOMAIN_DOOR, [domain.domain for domain in db.session.scalars(domains)])
            _shut_doors(CONNECTION_DOOR, [str(connection.id)])
            sessions.end_of_connection(connection.id)
            known = delete(ProviderIdentity).where(ProviderIdentity.provider == connection.key)
            db.session.execute(known, execution_options={"synchronize_session": False})
    for connection in connections:
        db.session.delete(connection)
    db.session.flush()
    _keep_a_way_in()


def add_domain(connection: SsoConnection, domain: str, *, by: Member) -> SsoDomain:
    """Claim a mail domain; it counts once it is proved. Raises Invalid (at `domain`)."""
    plain = (normalise(f"somebody@{domain.strip().removeprefix('@').rstrip('.')}") or "").rpartition("@")[2]
    if "." not in plain:
        raise Invalid(_("Write a domain, such as example.org."), "domain")
    theirs = db.session.scalars(select(SsoDomain.domain)).all()
    if plain in theirs:
        raise Invalid(_("This domain is listed already."), "domain")
    if len(theirs) >= MOST_DOMAINS:
        raise Invalid(_("There are as many domains as an organization can have."), "domain")
    added = SsoDomain(connection_id=connection.id, domain=plain, code=f"trestleboard-{new_token()}")
    db.session.add(added)
    db.session.flush()
    record(events.DOMAIN_CHANGED, [(connection, {"domains": [None, plain]})], by=by)
    return added


def prove_domain(
    connection: SsoConnection, domain: SsoDomain, *, by: Member, look_up: Callable[[str], list[str]] = texts
) -> None:
    """Look for the record in the DNS; from then on the provider may speak for addresses of the domain.

    Raises Refused with what is missing. A domain leads to one organization: the first that proved it and kept it.
    """
    if domain.proved_at is not None:
        return
    try:
        found = look_up(record_name(domain.domain))
    except NamesTrouble as error:
        raise Refused(_("The DNS does not answer. Try again in a moment.")) from error
    if domain.code not in (text.strip() for text in found):
        raise Refused(_("The record is not there yet. It can take an hour until a new one is seen everywhere."))
    domain.proved_at = now()
    try:
        with db.session.begin_nested():
            open_door(
                DOMAIN_DOOR,
                organization_id=connection.organization_id,
                name=domain.domain,
                subject_id=connection.id,
            )
            db.session.flush()
    except IntegrityError as error:
        raise Refused(_("Another organization has proved this domain. Have it removed there first.")) from error
    record(events.DOMAIN_CHANGED, [(connection, {"domains": [None, domain.domain]})], by=by, payload={"proved": True})


def remove_domain(connection: SsoConnection, domain: SsoDomain, *, by: Member) -> None:
    """Speak for addresses of a domain no more. Who is linked stays so."""
    if domain.proved_at is not None:
        _shut_doors(DOMAIN_DOOR, [domain.domain])
    db.session.delete(domain)
    db.session.flush()
    record(events.DOMAIN_CHANGED, [(connection, {"domains": [domain.domain, None]})], by=by)


def require_sso(organization: Organization, required: bool, *, by: Member, own: int | None) -> None:
    """Whether colleagues come in by the organization's own providers alone. Owners keep their other ways.

    `own` is the organization whose provider the actor's browser came in by: who has never been let in by it does not
    lock others out. Raises Invalid (at `own_only`).
    """
    if required and not ways_in():
        raise Invalid(_("Switch a connection on first, or nobody could come in."), "own_only")
    if required and own != organization.id:
        raise Invalid(_("Sign in by the connection yourself first, so that you know that it works."), "own_only")
    with change(organization, event=events.ORGANIZATION_CHANGED, by=by):
        organization.sso_required = required
    live.touch("any-member")  # what was drawn for browsers that were let in a moment ago is drawn no more


def record_name(domain: str) -> str:
    """Where in the DNS the record of a domain stands."""
    return f"_trestleboard.{domain}"


def _put(connection: SsoConnection, draft: ConnectionDraft) -> None:
    connection.name, connection.issuer, connection.client_id = draft.name, draft.issuer, draft.client_id
    connection.enabled, connection.makes_members = draft.enabled, draft.makes_members


def _keep_a_way_in() -> None:
    """Raises Refused when colleagues have to come in by a provider, and there is none left."""
    db.session.flush()
    required = db.session.scalar(select(Organization.sso_required))
    if required and not ways_in():
        raise Refused(_("Colleagues have to come in by this connection. Lift that rule first, under Sign-in rules."))


def _shut_doors(kind: str, names: Sequence[str]) -> None:
    """Take doors out whole: whoever proves a domain next opens one of the same name."""
    gone = delete(Door).where(Door.kind == kind, Door.key.in_(names))
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _sealed(secret: str) -> str:
    return encryption().encrypt(secret.encode()).decode()
