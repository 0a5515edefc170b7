"""Every change of an account. They belong to no organization, so their ledger is `security_events`.

Nothing here tells a stranger whether an address has an account: both ways do the same work and say the same.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts import letters, passwords, sessions
from app.accounts.commands.tokens import find_token, forget_tokens, new_token_of, use_up
from app.accounts.models import Theme, TokenKind, User
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: token -> the whole address of the page that takes it.
Link = Callable[[str], str]


def sign_up(
    *, name: str, email: str, password: str, timezone: str, prove_at: Link, sign_in: str, reset: str
) -> User | None:
    """Make an account and post the letter that proves its address. None when the address had one: its owner is told."""
    secret = passwords.hash_password(password)
    made = insert(User).values(
        email=email, name=name, password_hash=secret, timezone=timezone, created_at=now(), updated_at=now()
    )
    user_id = db.session.scalar(made.on_conflict_do_nothing(index_elements=["email"]).returning(User.id))
    user = db.session.scalars(select(User).where(User.email == email)).one()
    if user.email_verified_at is not None:
        letters.already_here(user.email, user.name, sign_in, reset)
    else:
        letters.welcome(user.email, prove_at(new_token_of(user.id, TokenKind.VERIFY_EMAIL)))
    return user if user_id is not None else None


def who_signs_in(email: str | None, password: str) -> User | None:
    """The person of this address and password, or None; as slow for an address that nobody has."""
    user = _user(email)
    stored = user.password_hash if user and user.deactivated_at is None else None
    if not passwords.matches(stored, password) or user is None:
        return None
    if stored and passwords.is_outdated(stored):
        user.password_hash = passwords.hash_password(password)
    return user


def ask_for_proof(email: str, *, prove_at: Link) -> None:
    """Post the letter that proves an address once more, if it belongs to an account that waits for it."""
    passwords.matches(None, email)  # outlasts the little work that only some addresses make
    user = _user(email)
    if user and user.deactivated_at is None and user.email_verified_at is None:
        letters.welcome(user.email, prove_at(new_token_of(user.id, TokenKind.VERIFY_EMAIL)))


def prove_email(token: str, password: str | None) -> User:
    """Take an address as proved. The link alone is not enough: the password shows that the account is the reader's own,
    not one that a stranger made with the reader's address. `password` is None for who is signed in to that account.

    Raises Invalid (at `password`) for a wrong password, and for a link that is used up or too old.
    """
    found = find_token(token, TokenKind.VERIFY_EMAIL)
    if found is None:
        raise Invalid(_("This link is not valid any more."))
    user = db.session.get_one(User, found.user_id)
    if password is not None and not passwords.matches(user.password_hash, password):
        raise Invalid(_("This is not the password of this account."), "password")
    use_up(token, TokenKind.VERIFY_EMAIL)
    user.email_verified_at = user.email_verified_at or now()
    return user


def user_at(email: str) -> User | None:
    """Whose address this is, proved or not."""
    return _user(email)


def enter_by_mail(email: str, name: str) -> User:
    """The person who reads this address, as following a letter to it has just proved. They are made when there is none.

    An account that was never proved may have been made by anybody: its password, links and browsers go. Raises Invalid
    for one that is shut.
    """
    made = insert(User).values(
        email=email, name=name, email_verified_at=now(), timezone="UTC", created_at=now(), updated_at=now()
    )
    db.session.execute(made.on_conflict_do_nothing(index_elements=["email"]))
    user = db.session.scalars(select(User).where(User.email == email).with_for_update()).one()
    if user.deactivated_at is not None:
        raise Invalid(_("This account is shut."))
    _read_by(user)
    return user


def ask_for_way_in(email: str, *, link: Link) -> User | None:
    """Post the letter that signs its reader in, if the address has an account. Only the newest link holds."""
    passwords.matches(None, email)  # outlasts the little work that only some addresses make
    user = _user(email)
    if user is None or user.deactivated_at is not None:
        return None
    letters.way_in(user.email, link(new_token_of(user.id, TokenKind.SIGN_IN)))
    return user


def follow_way_in(token: str) -> User:
    """Use up a link that signs in; whose it is. Raises Invalid for one that is used up or too old."""
    found = find_token(token, TokenKind.SIGN_IN)
    if found is None:
        raise Invalid(_("This link is not valid any more."))
    use_up(token, TokenKind.SIGN_IN)
    user = db.session.scalars(select(User).where(User.id == found.user_id).with_for_update()).one()
    _read_by(user)
    return user


def _read_by(user: User) -> None:
    """An address is proved by its reader. Before that, anybody may have made the account: what they left there goes."""
    if user.email_verified_at is None:
        user.password_hash, user.email_verified_at = None, now()
        forget_tokens(user.id)
        sessions.end_all(user.id)


def ask_for_reset(email: str, *, reset_at: Link) -> User | None:
    """Post the letter that lets the owner of an address choose a new password, if there is an account."""
    passwords.matches(None, email)  # outlasts the little work that only some addresses make
    user = _user(email)
    if user is None or user.deactivated_at is not None:
        return None
    letters.new_password(user.email, user.name, reset_at(new_token_of(user.id, TokenKind.RESET_PASSWORD)))
    return user


def reset_password(token: str, password: str, *, reset: str) -> User:
    """Set a new password by a link. It also proves the address, and whoever was signed in is signed out by the caller.

    Raises Invalid for a link that is used up or too old, and (at `password`) for a password that is easy to guess.
    """
    found = find_token(token, TokenKind.RESET_PASSWORD)
    if found is None:
        raise Invalid(_("This link is not valid any more."))
    user = db.session.get_one(User, found.user_id)
    if objection := passwords.objection(password, email=user.email, name=user.name):
        raise Invalid(objection, "password")
    use_up(token, TokenKind.RESET_PASSWORD)
    user.password_hash = passwords.hash_password(password)
    user.email_verified_at = user.email_verified_at or now()
    forget_tokens(user.id)
    letters.password_changed(user.email, user.name, reset)
    return user


def _user(email: str | None) -> User | None:
    return db.session.scalar(select(User).where(User.email == (email or "")))


def choose_theme(user_id: int, theme: Theme) -> None:
    _own(user_id, theme=theme)


def change_password(user_id: int, *, old: str, new: str, reset: str) -> None:
    """Take a new password from whoever knows the old one; other browsers are signed out by the caller.

    Raises Invalid at `old` when it is not the present one, at `new` when the new one is easy to guess.
    """
    user = db.session.get_one(User, user_id)
    if not passwords.matches(user.password_hash, old):
        raise Invalid(_("This is not your present password."), "old")
    if objection := passwords.objection(new, email=user.email, name=user.name):
        raise Invalid(objection, "new")
    _own(user_id, password_hash=passwords.hash_password(new))
    forget_tokens(user_id)
    letters.password_changed(user.email, user.name, reset)


def choose_password(user_id: int, *, new: str, reset: str) -> None:
    """A first password, for a person who came in without one and has just proved who they are.

    Raises Invalid at `new` when it is easy to guess, and when there is a password already.
    """
    user = db.session.get_one(User, user_id)
    if user.password_hash is not None:
        raise Invalid(_("You have a password already."), "new")
    if objection := passwords.objection(new, email=user.email, name=user.name):
        raise Invalid(objection, "new")
    _own(user_id, password_hash=passwords.hash_password(new))
    forget_tokens(user_id)
    letters.password_changed(user.email, user.name, reset)


def ask_for_reproof(user_id: int, *, link: Link) -> None:
    """Post the letter that proves who sits at a browser, for people who have neither password nor second factor."""
    user = db.session.get_one(User, user_id)
    letters.proof(user.email, user.name, link(new_token_of(user_id, TokenKind.PROOF)))


def _own(user_id: int, **values: object) -> None:
    """By statement: the signed-in user's row was loaded before the organization was entered, and is not followed."""
    db.session.execute(update(User).where(User.id == user_id).values(updated_at=now(), **values))
