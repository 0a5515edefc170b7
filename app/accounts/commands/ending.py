"""How an account ends: put to rest, restored, erased after a while in which its owner may think again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.accounts import belonging, notices, sessions
from app.accounts.commands.tokens import forget_tokens, new_token_of, use_up
from app.accounts.models import AccountToken, DataExport, TokenKind, User
from app.adapters import files
from app.kernel.clock import now
from app.kernel.crypto import token_hash
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _

#: token -> the whole address of the page that takes it.
Link = Callable[[str], str]

#: How long a deletion can be taken back, and how long it waits again when something still needs its owner.
GRACE, AGAIN = timedelta(days=30), timedelta(days=7)


class StillNeeded(Refused):
    """Somebody has to look after these."""

    def __init__(self, names: list[str]) -> None:
        said = _("You are the only owner of %(names)s. Make somebody else an owner first, or delete it.")
        super().__init__(said % {"names": ", ".join(names)})


def deactivate_user(user_id: int, *, restore_at: Link) -> None:
    """Shut an account until its owner comes back: every browser is signed out, links lead nowhere, no mail is sent."""
    user = _shut(user_id)
    notices.deactivated(user, restore_at(new_token_of(user_id, TokenKind.RESTORE)))


def delete_user(user_id: int, *, restore_at: Link) -> datetime:
    """Shut an account and have it erased when the grace is over; the moment. Raises StillNeeded."""
    if names := belonging.ties_of(user_id):
        raise StillNeeded(names)
    user = _shut(user_id)
    user.erase_at = now() + GRACE
    day = f"{user.erase_at:%Y-%m-%d}"
    notices.deletion_asked(user, day, restore_at(new_token_of(user_id, TokenKind.RESTORE)))
    db.session.flush()
    return user.erase_at


def ask_for_restoration(email: str, *, restore_at: Link) -> User | None:
    """Post the letter that restores, if there is a shut account of this address."""
    user = db.session.scalar(select(User).where(User.email == email, User.deactivated_at.is_not(None)))
    if user is None or user.email_verified_at is None:
        return None
    notices.restoration(user, restore_at(new_token_of(user.id, TokenKind.RESTORE)))
    return user


def find_restoration(token: str) -> User | None:
    """The shut account that a link restores, if it still holds."""
    return db.session.scalar(
        select(User)
        .join(AccountToken, AccountToken.user_id == User.id)
        .where(
            AccountToken.token_hash == token_hash(token),
            AccountToken.kind == TokenKind.RESTORE,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now(),
            User.deactivated_at.is_not(None),
        )
    )


def restore_user(token: str) -> User:
    """Open an account again, as it was. Its owner signs in as before. Raises Invalid for a link that holds no more."""
    found = find_restoration(token)
    user = _lock(found.id) if found else None
    if user is None or user.deactivated_at is None:
        raise Invalid(_("This link is not valid any more."))
    use_up(token, TokenKind.RESTORE)
    user.deactivated_at = user.erase_at = None
    forget_tokens(user.id)
    db.session.flush()
    return user


def erase_due_user(user_id: int, *, restore_at: Link) -> bool:
    """Erase an account whose grace is over; whether it is gone. One that became needed again waits, and is told.

    Raises Refused when that changed a moment ago; asked again, it waits.
    """
    user = _lock(user_id)
    if user is None or user.erase_at is None or user.erase_at > now():
        return False
    if names := belonging.ties_of(user_id):
        user = db.session.get_one(User, user_id)
        user.erase_at = now() + AGAIN
        notices.deletion_waits(user, ", ".join(names), restore_at(new_token_of(user_id, TokenKind.RESTORE)))
        return False
    erase_user(user_id)
    return True


def erase_user(user_id: int) -> None:
    """Leave nothing of a person but their work. What hangs on the account goes with its row."""
    belonging.part(user_id)
    avatar = select(User.avatar).where(User.id == user_id, User.avatar.is_not(None))
    exports = select(DataExport.file).where(DataExport.user_id == user_id, DataExport.file.is_not(None))
    for name in (*db.session.scalars(avatar), *db.session.scalars(exports)):
        files.delete_on_commit(str(name))
    db.session.execute(delete(User).where(User.id == user_id), execution_options={"synchronize_session": False})
    db.session.expunge_all()


def _shut(user_id: int) -> User:
    shut = update(User).where(User.id == user_id).values(deactivated_at=now(), erase_at=None, updated_at=now())
    db.session.execute(shut, execution_options={"synchronize_session": False})
    sessions.end_all(user_id)
    forget_tokens(user_id)
    belonging.shut(user_id)
    user = _lock(user_id)
    if user is None:
        raise Invalid(_("This account is gone."))
    return user


def _lock(user_id: int) -> User | None:
    locked = select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(locked)
