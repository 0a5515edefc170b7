"""Members follow the account of whoever they are: their name, title and picture, in every organization."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.accounts.belonging import Face
from app.kernel import live
from app.kernel.access import CLOCK, Role
from app.kernel.database import db
from app.kernel.ledger import change
from app.kernel.tenancy import enter
from app.organizations import events
from app.organizations.commands.anonymising import anonymise_members
from app.organizations.keys.commands import revoke_keys_of
from app.organizations.models import Kind, Member, Organization


def follow_account(user_id: int, face: Face) -> None:
    """Show a person everywhere as their account does. All in the caller's transaction."""
    for member in _walk(user_id):
        with change(member, event=events.MEMBER_RENAMED, by=member):
            member.name, member.job_title, member.avatar = face.name, face.job_title, face.avatar
        live.touch("any-member")


def owned_alone(user_id: int) -> list[str]:
    """Names of organizations that a person is the only owner of."""
    names = []
    for member in _walk(user_id):
        if member.role is not Role.OWNER:
            continue
        owners = select(func.count()).where(
            Member.role == Role.OWNER, Member.kind == Kind.PERSON, Member.left_at.is_(None)
        )
        if db.session.scalar(owners) == 1:
            host = db.session.get_one(Organization, member.organization_id)
            names.extend([host.name] if host.deleted_at is None else [])
    return names


def anonymise_person(user_id: int) -> None:
    """Forget in every organization, also in those that were left, who a person was. Raises LastOwner."""
    for member in _walk(user_id, former=True):
        anonymise_members([member], by=CLOCK)


def revoke_programs(user_id: int) -> None:
    """Revoke a person's API keys everywhere: they do not come back with the account."""
    for member in _walk(user_id):
        revoke_keys_of([member])


def _walk(user_id: int, *, former: bool = False) -> Iterator[Member]:
    """A person as the member they are, inside of one organization after the other; at last outside again.

    Nothing is committed between: what is done in all of them holds together.
    """
    db.session.flush()
    enter(None, user_id=user_id)
    theirs = select(Member.organization_id, Member.id).where(Member.user_id == user_id)
    if not former:
        theirs = theirs.where(Member.left_at.is_(None))
    for organization_id, member_id in db.session.execute(theirs.order_by(Member.organization_id)).all():
        db.session.flush()
        enter(organization_id, user_id=user_id)
        yield db.session.get_one(Member, (organization_id, member_id))
    db.session.flush()
    enter(None, user_id=user_id)
