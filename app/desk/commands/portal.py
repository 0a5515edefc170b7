"""The way into the portal: a letter with a link that is good once, for who is a customer and nothing else anywhere.

The link is a door, so it leads to one organization and one customer there. Who works in any organization signs in with
their password: no organization's portal is a second way into a colleague's account.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.accounts import letters, passwords
from app.accounts.commands import enter_by_mail, user_at
from app.accounts.models import User
from app.desk import events
from app.desk.queries.portal import customer_with
from app.kernel import ledger
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.doors import Door, close_door, close_doors, open_door
from app.kernel.errors import Invalid
from app.kernel.tenancy import enter
from app.organizations.models import Member
from app.organizations.queries import works_somewhere

DOOR = "portal"
#: How long a link is good.
LASTS = timedelta(minutes=15)


class LinkUsedUp(Invalid):
    """A link leads nowhere any more."""


def ask_for_link(email: str, name: str, *, link: Callable[[str], str], sign_in: str) -> None:
    """Write to a customer who asks to be let in; to who has a password, that it is asked for; to strangers nothing.

    `name` is the organization's. Afterwards the session is outside of the organization: what its administrators can
    read as its outgoing mail is no place for a link. Only the newest link holds.
    """
    passwords.matches(None, email)  # outlasts the little work that only some addresses make
    organization_id, member = current_organization_id(), customer_with(email)
    customer_id = member.id if member and member.kind == "customer" else None
    user = user_at(email)
    shut = user is not None and user.deactivated_at is not None
    by_password = customer_id is None or (user is not None and _needs_password(user, organization_id))
    token = ""
    if customer_id and not by_password and not shut:
        close_doors(DOOR, organization_id=organization_id, subject_id=customer_id)
        token = open_door(DOOR, organization_id=organization_id, subject_id=customer_id, expires_at=now() + LASTS)
        db.session.flush()
    enter(None)
    if token:
        letters.send(email, f"Your way into {name}’s help desk", _WAY_IN.format(name=name, link=link(token)))
    elif member and not shut:
        letters.send(email, f"Signing in to {name}", _ASKED_FOR_MORE.format(name=name, link=sign_in))


def follow_link(door: Door) -> User:
    """Use a link up: its reader is the customer's person from now on. Raises LinkUsedUp when it leads nowhere any more.

    The session is inside of the door's organization. Everything that was looked at when the letter was written is
    looked at again.
    """
    if not close_door(door):
        raise LinkUsedUp("This link was used already.")
    member = db.session.get(Member, (door.organization_id, door.subject_id))
    if member is None or not member.email or customer_with(member.email) is not member:
        raise LinkUsedUp("This link leads nowhere any more.")
    email, name = member.email, member.name
    known = user_at(email)
    if known and _needs_password(known, door.organization_id):
        raise LinkUsedUp("Sign in with your password.")
    user = enter_by_mail(email, name)
    db.session.flush()
    link_customer(db.session.get_one(Member, (door.organization_id, door.subject_id)), user)
    return user


def link_customer(member: Member, user: User) -> None:
    """Let a customer be the person who has proved the customer's own address. Raises LinkUsedUp for all others."""
    same = user.email_verified_at is not None and user.email == member.email
    others = select(Member.id).where(Member.user_id == user.id, Member.id != member.id)
    if member.kind != "customer" or not same or member.user_id not in (None, user.id) or db.session.scalar(others):
        raise LinkUsedUp("This link leads nowhere any more.")
    if member.user_id is None:
        member.user_id = user.id
        ledger.record_created(events.CUSTOMER_CAME, [member], by=member)


def _needs_password(user: User, organization_id: int) -> bool:
    """Whether a person is more than a customer somewhere. What else the session held is loaded anew afterwards."""
    user_id, operator, former = user.id, user.is_operator, db.session.info.get("user_id")
    db.session.flush()
    enter(None, user_id=user_id)
    works = works_somewhere(user_id)
    enter(organization_id, user_id=former)
    return operator or works


_WAY_IN = """Hello,

somebody, most likely you, wants to see what you and {name} have written to each other. To go there, open

{link}

The link works once, for a quarter of an hour. If this was not you, do nothing: nobody was let in.
"""
_ASKED_FOR_MORE = """Hello,

somebody, most likely you, asked {name} for a link to sign in with. Your account has more doors than that one, so it
is opened with your password:

{link}

If this was not you, do nothing: nobody was let in.
"""
