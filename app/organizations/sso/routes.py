"""Addresses of an organization's own sign-in: its settings, and the page where colleagues come in."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_login import current_user
from sqlalchemy import select

from app.accounts.commands.identities import identities_of
from app.accounts.confinement import confined_to
from app.accounts.forms import AddressForm
from app.accounts.providers import find_provider
from app.accounts.providers.flows import Purpose
from app.accounts.routes.providers import leave_for
from app.accounts.security import note_event
from app.kernel.database import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.organizations.models import Organization, SsoConnection, SsoDomain
from app.organizations.policies import P
from app.organizations.queries import here, organization_id_of
from app.organizations.routes import bp
from app.organizations.sign_in_rules import SECTIONS
from app.organizations.sso import commands
from app.organizations.sso.forms import ConnectionForm, DomainForm
from app.organizations.sso.queries import connection_by_id, connections_of, domains_of, key_of_domain, ways_in
from app.organizations.sso.rule import SsoRuleForm
from app.web.current import current_member
from app.web.guard import anyone, recently_proved, requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT, outside, safe_next

_LIST, _NEW, _SHOW = (f"organizations/sso/{name}.html" for name in ("index", "new", "show"))
_ONE = f"{TENANT}/settings/sso/<int:connection_id>"


@bp.get(f"{TENANT}/settings/sso")
@requires(P.SIGN_IN)
def list_connections() -> Any:
    connections = connections_of(current_member)
    return page(_LIST, connections=connections, domains=domains_of(connections))


@bp.get(f"{TENANT}/settings/sso/new")
@requires(P.SIGN_IN)
@recently_proved
def new_connection() -> Any:
    return page(_NEW, form=ConnectionForm(formdata=None))


@bp.post(f"{TENANT}/settings/sso")
@requires(P.SIGN_IN)
@recently_proved
def create_connection() -> Any:
    form = ConnectionForm()
    if not form.validate():
        return invalid(form, _NEW)
    try:
        connection = commands.create_connection(form.draft, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _NEW)
    note_event("sso.connection_added", user_id=current_user.id, connection=connection.id)
    return go(_page_of(connection), _("The provider is known. Prove a mail domain, then test it."))


@bp.get(_ONE)
@requires(P.SIGN_IN, load=connection_by_id)
def show_connection(connection: SsoConnection) -> Any:
    return page(_SHOW, form=ConnectionForm(formdata=None, obj=connection), **_about(connection))


@bp.post(_ONE)
@requires(P.SIGN_IN, load=connection_by_id)
@recently_proved
def update_connection(connection: SsoConnection) -> Any:
    form = ConnectionForm()
    if not form.validate():
        return invalid(form, _SHOW, **_about(connection))
    try:
        commands.edit_connection(connection, form.draft, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _SHOW, **_about(connection))
    note_event("sso.connection_edited", user_id=current_user.id, connection=connection.id)
    return go(_page_of(connection), _("The connection is saved."))


@bp.post(f"{_ONE}/deletion")
@requires(P.SIGN_IN, load=connection_by_id)
@recently_proved
def destroy_connection(connection: SsoConnection) -> Any:
    commands.delete_connections([connection], by=current_member)
    note_event("sso.connection_removed", user_id=current_user.id, connection=connection.id)
    return go(url_for("organizations.list_connections"), _("Nobody comes in by it any more."))


@bp.post(f"{_ONE}/test")
@requires(P.SIGN_IN, load=connection_by_id)
def create_test(connection: SsoConnection) -> Any:
    """There and back, to see what the provider says. Nobody is signed in by it."""
    wanted = _page_of(connection)
    provider = find_provider(f"{connection.key}?")
    if provider is None:
        raise NotFound
    return leave_for(provider, Purpose.TEST, wanted=wanted)


@bp.post(f"{_ONE}/link")
@requires(P.SIGN_IN, load=connection_by_id)
@recently_proved
def create_own_link(connection: SsoConnection) -> Any:
    """Link one's own account there, so that one can come in by it oneself."""
    wanted = _page_of(connection)
    provider = find_provider(connection.key)
    if provider is None:
        raise NotFound(_("Switch the connection on first."))
    return leave_for(provider, Purpose.LINK, wanted=wanted, again=True)


@bp.post(f"{_ONE}/domains")
@requires(P.SIGN_IN, load=connection_by_id)
@recently_proved
def create_domain(connection: SsoConnection) -> Any:
    form = DomainForm()
    about = _about(connection) | {"domain_form": form}
    if not form.validate():
        return invalid(ConnectionForm(formdata=None, obj=connection), _SHOW, **about)
    try:
        commands.add_domain(connection, form.domain.data, by=current_member)
    except Invalid as error:
        form.blame(error)
        return invalid(ConnectionForm(formdata=None, obj=connection), _SHOW, **about)
    return go(_page_of(connection), _("Now add the record to the DNS, then check it."))


@bp.post(f"{_ONE}/domains/<int:domain_id>/proof")
@requires(P.SIGN_IN, load=connection_by_id)
@recently_proved
def create_domain_proof(connection: SsoConnection, domain_id: int) -> Any:
    domain = _domain(connection, domain_id)
    commands.prove_domain(connection, domain, by=current_member)
    note_event("sso.domain_proved", user_id=current_user.id, domain=domain.domain)
    return go(_page_of(connection), _("The domain is proved."))


@bp.post(f"{_ONE}/domains/<int:domain_id>/removal")
@requires(P.SIGN_IN, load=connection_by_id)
@recently_proved
def destroy_domain(connection: SsoConnection, domain_id: int) -> Any:
    domain = _domain(connection, domain_id)
    commands.remove_domain(connection, domain, by=current_member)
    note_event("sso.domain_removed", user_id=current_user.id, domain=domain.domain)
    return go(_page_of(connection), _("The domain is taken out."))


@bp.post(f"{TENANT}/settings/sign-in/sso")
@requires(P.SIGN_IN, load=here)
@recently_proved
def update_sso_rule(organization: Organization) -> Any:
    form = SsoRuleForm()
    try:
        if not form.validate():
            raise Invalid(_("The request could not be understood."), "own_only")
        required = bool(form.own_only.data)
        commands.require_sso(organization, required, by=current_member, own=confined_to(current_user))
    except Invalid as error:
        form.blame(error)
        shown: dict[str, Any] = {"form": None, "sections": list(SECTIONS)}
        for section in SECTIONS.values():
            shown |= section.context(organization)
        return invalid(template="organizations/sign_in_rules/show.html", **(shown | {"sso_rule": form}))
    note_event("sso.required" if required else "sso.lifted", user_id=current_user.id)
    return go(url_for("organizations.show_sign_in_rules"), _("The sign-in rules are saved."))


@bp.get(f"{TENANT}/sso")
@anyone
def show_own_sign_in() -> Any:
    """The organization's own door. Without a connection there is none: 404, as for a slug that nobody has."""
    organization_id = organization_id_of(g.slug)
    if organization_id is None:
        raise NotFound
    enter(organization_id)
    organization = db.session.get(Organization, organization_id)
    connections = ways_in()
    if organization is None or organization.deleted_at is not None or not connections:
        raise NotFound
    wanted = safe_next(f"/{organization.slug}/")
    return page("organizations/sso/door.html", host=organization, connections=connections, next=wanted)


@bp.get("/sign-in/organization")
@anyone
def new_own_session() -> Any:
    return page("organizations/sso/by_address.html", form=AddressForm(formdata=None), next=safe_next(""))


@bp.post("/sign-in/organization")
@anyone
def create_own_session() -> Any:
    """From an address to the provider of its domain. Whether anybody has the address plays no part."""
    form = AddressForm()
    if not form.validate():
        return invalid(form, "organizations/sso/by_address.html", next=safe_next(""))
    key = key_of_domain((form.email.address or "").rpartition("@")[2])
    provider = find_provider(key) if key else None
    if provider is None:
        form.email.errors = [_("No organization signs people of this domain in. Sign in with your address.")]
        return invalid(form, "organizations/sso/by_address.html", next=safe_next(""))
    return leave_for(provider, Purpose.SIGN_IN, wanted=safe_next(""))


def _about(connection: SsoConnection) -> dict[str, Any]:
    linked = any(row.provider == connection.key for row in identities_of(current_user.id))
    return {
        "connection": connection,
        "domains": domains_of([connection])[connection.id],
        "domain_form": DomainForm(formdata=None),
        "record_name": commands.record_name,
        "back_address": outside(url_for("accounts.finish_provider", key=connection.key)),
        "linked": linked,
    }


def _domain(connection: SsoConnection, domain_id: int) -> SsoDomain:
    found = db.session.scalar(
        select(SsoDomain).where(SsoDomain.connection_id == connection.id, SsoDomain.id == domain_id)
    )
    if found is None:
        raise NotFound
    return found


def _page_of(connection: SsoConnection) -> str:
    return url_for("organizations.show_connection", connection_id=connection.id)
