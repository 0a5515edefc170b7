"""The portal's door: a letter with a link, and the button that it leads to. Mail scanners follow links, too."""

from __future__ import annotations

from typing import Any

from flask import Response, g, url_for
from flask_login import current_user

from app.accounts import entrance, limits, sessions
from app.accounts.forms import AddressForm
from app.accounts.models import Method, User
from app.accounts.security import note_event, remember_event
from app.desk.commands.portal import DOOR, LinkUsedUp, ask_for_link, follow_link, link_customer
from app.desk.queries.portal import customer_with, portal_of
from app.desk.routes import bp
from app.kernel.database import db
from app.kernel.doors import Door
from app.kernel.errors import NotFound
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.organizations.models import Organization
from app.organizations.queries import member_of, organization_id_of
from app.web.forms import Form
from app.web.guard import anyone, opens
from app.web.replies import go, invalid, page
from app.web.urls import outside, safe_next


@bp.get("/portal/sign-in")
@anyone
def new_portal_session() -> Response:
    """Asks for the address; who is signed in already goes on, by one click when their address is a customer's."""
    organization = _organization()
    if current_user.is_authenticated and member_of(current_user.id):
        return go(_wanted())
    return _ask(AddressForm(formdata=None), organization)


@bp.post("/portal/sign-in")
@anyone
def create_portal_link() -> Response:
    """Write a letter to the address, if a customer has it. The answer is the same whoever it is."""
    organization = _organization()
    form, name, next_page = AddressForm(), organization.name, safe_next("")
    if not form.validate():
        return invalid(form, "desk/portal/sign_in.html", **_about(organization))
    email = form.email.address or ""
    limits.try_letter(email)
    ask_for_link(
        email,
        name,
        link=lambda token: outside(url_for("desk.show_portal_link", token=token, next=next_page or None)),
        sign_in=outside(url_for("accounts.new_session", next=url_for("desk.new_portal_session"))),
    )
    remember_event("portal.link_asked", address=email)
    return page("desk/portal/sent.html", email=email, organization=organization)


@bp.get("/portal/sign-in/<token>")
@opens(DOOR)
def show_portal_link(door: Door, token: str) -> Response:
    limits.try_link()
    return page("desk/portal/enter.html", form=Form(), token=token, next=safe_next(""), organization=_behind(door))


@bp.post("/portal/sign-in/<token>")
@opens(DOOR)
def create_portal_session(door: Door, token: str) -> Response:
    """Sign this browser in as the customer."""
    limits.try_link()
    organization = _behind(door)
    try:
        user = follow_link(door)
    except LinkUsedUp as error:
        remember_event("portal.link_refused")
        return page("desk/portal/stale.html", status=410, said=str(error), organization=organization)
    note_event("sign_in.by_link", user_id=user.id, organization=door.organization_id)
    return go(entrance.let_in(user, method=Method.LINK, wanted=_wanted()))


@bp.post("/portal/entry")
@anyone
def create_portal_entry() -> Response:
    """Who has signed in with a password, and whose proved address is a customer's here, is that customer."""
    organization = _organization()
    if current_user.is_authenticated and member_of(current_user.id):
        return go(_wanted())
    member = customer_with(current_user.email) if current_user.is_authenticated and current_user.is_proved else None
    if member is None:
        return _ask(AddressForm(formdata=None), organization)
    link_customer(member, db.session.get_one(User, current_user.id))
    note_event("portal.entered", user_id=current_user.id, organization=member.organization_id)
    return go(_wanted())


@bp.post("/portal/sign-out")
@anyone
def destroy_portal_session() -> Response:
    if current_user.is_authenticated:
        note_event("signed_out", user_id=current_user.id)
    sessions.end()
    return go(url_for("desk.new_portal_session"), _("You are signed out."))


def _organization() -> Organization:
    """The organization of this address, entered. One without a desk has no portal. Raises NotFound."""
    organization_id = organization_id_of(g.slug)
    if organization_id is None:
        raise NotFound
    enter(organization_id, user_id=current_user.id if current_user.is_authenticated else None)
    return portal_of(organization_id)


def _behind(door: Door) -> Organization:
    """Where a link leads, if the address says the same. Raises NotFound."""
    if organization_id_of(g.slug) != door.organization_id:
        raise NotFound(_("This link is not valid any more. Ask for a new one."))
    return portal_of(door.organization_id)


def _ask(form: AddressForm, organization: Organization) -> Response:
    return page("desk/portal/sign_in.html", form=form, **_about(organization))


def _about(organization: Organization) -> dict[str, Any]:
    """Whether this browser's own address is a customer's is nobody's business but its owner's, who has proved it."""
    proved = current_user.is_authenticated and current_user.is_proved
    member = customer_with(current_user.email) if proved else None
    known = member.email if member and member.kind == "customer" and member.user_id is None else None
    return {"organization": organization, "known": known, "next": safe_next("")}


def _wanted() -> str:
    return safe_next(url_for("desk.show_portal"))
