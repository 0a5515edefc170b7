"""Keeping things at hand, in folders. All of it is a person's own state, so none of it is history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.kernel import live
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.events import noun_of
from app.kernel.ranks import CROWDED, rank_between, ranks_between
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.search.models import Favourite

#: A person's favourites and folders at most.
MOST = 200


def toggle_favourite(row: Any, *, by: Member) -> bool:
    """Keep a row of any noun at hand, or no longer; whether it now is. Raises Invalid past the most one may have."""
    _hold(by)
    noun = noun_of(row).name
    kept = db.session.scalar(
        select(Favourite).where(Favourite.member_id == by.id, Favourite.noun == noun, Favourite.subject_id == row.id)
    )
    if kept:
        db.session.delete(kept)
    else:
        _add(Favourite(member_id=by.id, noun=noun, subject_id=row.id), by)
    _told(by)
    return kept is None


def make_folder(name: str, *, by: Member) -> Favourite:
    """A folder at the end. Raises Invalid for an empty or too long name, and past the most one may have."""
    _hold(by)
    folder = _add(Favourite(member_id=by.id, name=_named(name)), by)
    _told(by)
    return folder


def rename_folder(folder: Favourite, name: str, *, by: Member) -> None:
    folder.name = _named(name)
    _told(by)


def remove_favourite(favourite: Favourite, *, by: Member) -> None:
    """Let go of one; what stood in a folder comes to the end of the list."""
    _hold(by)
    if favourite.is_folder:
        inside = _in_folder(favourite.id, by)
        last = _last_rank(None, by)
        for one, rank in zip(inside, ranks_between(last, None, len(inside)), strict=True):
            one.folder_id, one.rank = None, rank
        db.session.flush()
    db.session.delete(favourite)
    _told(by)


def place_favourite(favourite: Favourite, *, folder: Favourite | None, after: Favourite | None, by: Member) -> None:
    """Put it into a folder (None: none) behind another one there (None: first). Folders stay outside of folders."""
    _hold(by)
    if (favourite.is_folder and folder) or (folder and not folder.is_folder):
        raise Invalid(_("A folder stands in no folder."), "folder")
    siblings = [one for one in _in_folder(folder.id if folder else None, by) if one.id != favourite.id]
    place = next((at + 1 for at, one in enumerate(siblings) if after and one.id == after.id), 0)
    below = siblings[place - 1].rank if place else None
    above = siblings[place].rank if place < len(siblings) else None
    favourite.folder_id, favourite.rank = folder.id if folder else None, rank_between(below, above)
    if len(favourite.rank) > CROWDED:
        order = [*siblings[:place], favourite, *siblings[place:]]
        for one, rank in zip(order, ranks_between(None, None, len(order)), strict=True):
            one.rank = rank
    _told(by)


def _add(favourite: Favourite, by: Member) -> Favourite:
    if db.session.scalars(select(func.count()).where(Favourite.member_id == by.id)).one() >= MOST:
        raise Invalid(_("More than %(most)s favourites are no favourites. Let one go first.", most=MOST), "noun")
    favourite.rank = rank_between(_last_rank(None, by), None)
    db.session.add(favourite)
    db.session.flush()
    return favourite


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= 60:
        raise Invalid(_("Give the folder a name of at most 60 characters."), "name")
    return name


def _in_folder(folder_id: int | None, by: Member) -> list[Favourite]:
    inside = select(Favourite).where(Favourite.member_id == by.id, Favourite.folder_id.is_not_distinct_from(folder_id))
    return list(db.session.scalars(inside.order_by(Favourite.rank, Favourite.id)))


def _last_rank(folder_id: int | None, by: Member) -> str | None:
    return db.session.scalar(
        select(func.max(Favourite.rank)).where(
            Favourite.member_id == by.id, Favourite.folder_id.is_not_distinct_from(folder_id)
        )
    )


def _hold(by: Member) -> None:
    """In turns: two windows of one person must not find the same place free."""
    db.session.execute(select(Member.id).where(Member.id == by.id).with_for_update(key_share=True))


def _told(by: Member) -> None:
    db.session.flush()
    live.touch(f"favourites-{by.id}")
