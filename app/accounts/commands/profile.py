"""What people set for themselves, wherever they work."""

from __future__ import annotations

from typing import IO

from sqlalchemy import select, update

from app.accounts import belonging
from app.accounts.models import Theme, User
from app.adapters import files, media
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: Bytes of a picture that is taken.
MOST = 8 * 2**20


def edit_profile(user_id: int, *, name: str, job_title: str) -> None:
    """Under which name and title colleagues see a person, in all of their organizations."""
    _own(user_id, name=name, job_title=job_title or None)
    _show(user_id)


def edit_preferences(
    user_id: int, *, timezone: str, language: str | None, week_starts_on: int, theme: Theme, keys: bool
) -> None:
    """How a person sees things."""
    _own(user_id, timezone=timezone, language=language or None, week_starts_on=week_starts_on, theme=theme, keys=keys)


def set_avatar(user_id: int, picture: IO[bytes]) -> None:
    """Show a picture in place of initials: a square of it, drawn anew. Raises Invalid at `picture` for what is none."""
    kind = media.sniff(picture)
    if kind not in media.PICTURES:
        raise Invalid(_("Take a picture: PNG, JPEG, GIF or WebP."), "picture")
    drawn = media.draw_face(picture, kind)
    if drawn is None:
        raise Invalid(_("This picture cannot be read. Take another, or save it anew."), "picture")
    _replace_avatar(user_id, files.store_bytes(drawn.data, with_transaction=True).name)


def remove_avatar(user_id: int) -> None:
    """Go back to initials."""
    _replace_avatar(user_id, None)


def _replace_avatar(user_id: int, name: str | None) -> None:
    """The former file goes with the commit. Of two at once, the second sees what the first has left."""
    former = db.session.scalar(select(User.avatar).where(User.id == user_id).with_for_update())
    if former:
        files.delete_on_commit(former)
    _own(user_id, avatar=name)
    _show(user_id)


def _show(user_id: int) -> None:
    row = db.session.execute(select(User.name, User.job_title, User.avatar).where(User.id == user_id)).one()
    belonging.show_face(user_id, belonging.Face(row.name, row.job_title, row.avatar))


def _own(user_id: int, **values: object) -> None:
    """By statement: the signed-in user's row was loaded before the organization was entered, and is not followed."""
    db.session.execute(update(User).where(User.id == user_id).values(updated_at=now(), **values))
