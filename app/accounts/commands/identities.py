"""Accounts at providers: who comes in by one, and linking it to an account or parting it.

The one rule against takeovers: somebody is found by provider, issuer and subject. A mail address alone opens no account
that is there already, with one exception: an organization's own provider may speak for addresses of the mail domains
that the organization has proved, for those who are members there, and for nothing but that organization.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts import sessions
from app.accounts.addresses import normalise
from app.accounts.commands.tokens import forget_tokens
from app.accounts.models import ProviderIdentity, User
from app.accounts.providers import Claims, Provider, source_of
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.words import gettext as _


class MustLink(Refused):
    """There is an account with this address, and the provider alone does not open it."""

    def __init__(self, provider: Provider) -> None:
        said = _(
            "There is an account with this address already. Sign in to it as you are used to, then link %(name)s"
            " under Your account, Sign-in providers.",
            name=provider.name,
        )
        super().__init__(said)


def who_comes(provider: Provider, claims: Claims) -> User:
    """The person whom a provider speaks of; made when they are new. Raises Refused with a sentence for them."""
    known = db.session.execute(_of_claims(provider, claims)).first()
    if known is not None:
        return _again(provider, known.id, known.user_id)
    email = _proved_address(provider, claims)
    user_id = db.session.scalar(select(User.id).where(User.email == email, User.email_verified_at.is_not(None)))
    _check_place(provider, user_id)
    user, is_new = _account_at(email, claims)
    if not is_new and provider.organization_id is None:
        raise MustLink(provider)
    if not is_new and user.id != user_id:
        raise Refused(_("Somebody else was faster. Try once more."))
    if user.deactivated_at is not None:
        raise Forbidden(_("This account is shut."))
    _add(provider, claims, user.id, made_account=is_new)
    if provider.organization_id is not None and user_id is None:
        db.session.flush()
        source_of(provider).welcome(provider, user.id)
    return db.session.get_one(User, user.id)


def link_identity(provider: Provider, claims: Claims, *, user_id: int) -> None:
    """Let an account at a provider sign in somebody who is signed in. Raises Refused when it is another person's."""
    known = db.session.execute(_of_claims(provider, claims)).first()
    if known is not None:
        if known.user_id == user_id:
            return
        raise Refused(_("This account at %(name)s belongs to somebody else here.", name=provider.name))
    if provider.organization_id is not None and not source_of(provider).has_member(provider, user_id):
        raise Forbidden(_("Only members of its organization can sign in by %(name)s.", name=provider.name))
    _add(provider, claims, user_id, made_account=False)


def unlink_identity(identity_id: int, *, user_id: int) -> ProviderIdentity:
    """Part an account at a provider from a person's. Raises Invalid for what is not theirs, or their last way in."""
    user = db.session.scalars(select(User).where(User.id == user_id).with_for_update()).one()
    theirs = identities_of(user_id)
    gone = next((identity for identity in theirs if identity.id == identity_id), None)
    if gone is None:
        raise Invalid(_("This is linked no more."))
    others = [identity for identity in theirs if identity.id != identity_id and identity.organization_id is None]
    if user.password_hash is None and not others:
        raise Refused(_("This is the last way in to your account. Set a password first, then unlink it."))
    db.session.delete(gone)
    return gone


def identities_of(user_id: int) -> Sequence[ProviderIdentity]:
    """Where somebody is known, oldest first."""
    return db.session.scalars(
        select(ProviderIdentity).where(ProviderIdentity.user_id == user_id).order_by(ProviderIdentity.id)
    ).all()


def is_made_by(user_id: int, organization_id: int) -> bool:
    """Whether an account is nothing but what an organization's provider made: no password, no other way in.

    One statement. Then its own pages may be opened by that provider too.
    """
    theirs = select(ProviderIdentity.id).where(ProviderIdentity.user_id == user_id)
    own = theirs.where(ProviderIdentity.organization_id == organization_id, ProviderIdentity.made_account)
    others = theirs.where(ProviderIdentity.organization_id.is_distinct_from(organization_id))
    asked = select(User.id).where(User.id == user_id, User.password_hash.is_(None), own.exists(), ~others.exists())
    return db.session.scalar(asked) is not None


def _of_claims(provider: Provider, claims: Claims) -> Select[int, int]:
    return select(ProviderIdentity.id, ProviderIdentity.user_id).where(
        ProviderIdentity.provider == provider.key,
        ProviderIdentity.issuer == claims.issuer,
        ProviderIdentity.subject == claims.subject,
    )


def _again(provider: Provider, identity_id: int, user_id: int) -> User:
    """Somebody who has come by this provider before. What it says of their address plays no part."""
    if provider.organization_id is not None and not source_of(provider).has_member(provider, user_id):
        raise Forbidden(_("You are not a member of this organization. Ask to be invited."))
    user = db.session.get_one(User, user_id)
    if user.deactivated_at is not None:
        raise Forbidden(_("This account is shut."))
    used = update(ProviderIdentity).where(ProviderIdentity.id == identity_id).values(last_used_at=now())
    db.session.execute(used, execution_options={"synchronize_session": False})
    return user


def _proved_address(provider: Provider, claims: Claims) -> str:
    """The address, if the provider may speak for it. Raises Refused."""
    email = normalise(claims.email)
    if email is None or not claims.email_verified:
        raise Refused(
            _("%(name)s does not say that your mail address is verified. Verify it there first.", name=provider.name)
        )
    if provider.organization_id is not None and email.rpartition("@")[2] not in provider.domains:
        raise Forbidden(
            _("%(name)s may not speak for addresses of this domain: it has to be proved first.", name=provider.name)
        )
    return email


def _check_place(provider: Provider, user_id: int | None) -> None:
    """Whether an organization's provider may bring this person. Raises Refused."""
    if provider.organization_id is None:
        return
    if user_id is None:
        if not provider.makes_members:
            raise Forbidden(_("You are not a member of this organization. Ask to be invited."))
    elif not source_of(provider).has_member(provider, user_id):
        raise MustLink(provider)


def _account_at(email: str, claims: Claims) -> tuple[User, bool]:
    """The account of an address, and whether it is as good as new: just made, or made by anybody and never proved.

    One that was never proved may be a stranger's trap: its password, links, browsers and providers go.
    """
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in claims.name).split())
    name = (said or email.partition("@")[0])[:120]
    made = insert(User).values(
        email=email, name=name, email_verified_at=now(), timezone="UTC", created_at=now(), updated_at=now()
    )
    found = db.session.scalar(made.on_conflict_do_nothing(index_elements=["email"]).returning(User.id))
    user = db.session.scalars(
        select(User).where(User.email == email).with_for_update().execution_options(populate_existing=True)
    ).one()
    if found is not None:
        return user, True
    if user.email_verified_at is not None:
        return user, False
    user.password_hash, user.email_verified_at, user.name = None, now(), name
    forget_tokens(user.id)
    sessions.end_all(user.id)
    for identity in identities_of(user.id):
        db.session.delete(identity)
    return user, True


def _add(provider: Provider, claims: Claims, user_id: int, *, made_account: bool) -> None:
    """One account at a provider for each person: an address that somebody else was given there later opens nothing.

    Raises Refused.
    """
    theirs = select(ProviderIdentity.id).where(
        ProviderIdentity.user_id == user_id,
        ProviderIdentity.provider == provider.key,
        ProviderIdentity.issuer == claims.issuer,
    )
    if db.session.scalar(theirs) is not None:
        raise Refused(_("Another account at %(name)s is linked to yours. Unlink that one first.", name=provider.name))
    made = insert(ProviderIdentity).values(
        user_id=user_id,
        provider=provider.key,
        issuer=claims.issuer,
        subject=claims.subject,
        organization_id=provider.organization_id,
        email=normalise(claims.email),
        made_account=made_account,
        created_at=now(),
        last_used_at=now(),
    )
    added = made.on_conflict_do_nothing().returning(ProviderIdentity.id)
    if db.session.scalar(added) is None:
        raise Refused(_("Somebody else was faster. Try once more."))
