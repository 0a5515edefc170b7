"""Favourites: kept by a star on any page, put in order on a page of their own."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.kernel.errors import Invalid
from app.kernel.events import noun_of
from app.kernel.sight import row_named
from app.kernel.words import gettext as _
from app.search.commands import favourites as commands
from app.search.models import Favourite
from app.search.policies import P
from app.search.queries.trails import favourite_by_id, favourites_of
from app.search.routes import bp
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.htmx import is_htmx, trigger
from app.web.live import shows
from app.web.replies import go, page, reply
from app.web.urls import whole


@bp.get("/favourites")
@requires(P.KEEP)
def list_favourites() -> Response:
    """All of them, to put in order. With `part` only what follows changes."""
    shows(f"favourites-{current_member.id}")
    return page(
        "search/favourites/_list.html" if "part" in request.args and is_htmx() else "search/favourites/index.html",
        kept=favourites_of(current_member),
    )


@bp.post("/<noun>/<int:subject_id>/favourite")
@requires(P.KEEP, load=row_named)
def toggle_favourite(row: Any) -> Response:
    commands.toggle_favourite(row, by=current_member)
    if not is_htmx():
        return go(noun_of(row).url(row))
    return _moved(reply("search/favourites/toggle.html", subject=row))


@bp.post("/favourites/folders")
@requires(P.KEEP)
def create_folder() -> Response:
    commands.make_folder(_name(), by=current_member)
    return _again()


@bp.post("/favourites/<int:favourite_id>/name")
@requires(P.KEEP, load=favourite_by_id)
def rename_folder(favourite: Favourite) -> Response:
    if not favourite.is_folder:
        raise Invalid(_("Only folders have names of their own."), "name")
    commands.rename_folder(favourite, _name(), by=current_member)
    return _again()


@bp.post("/favourites/<int:favourite_id>/deletion")
@requires(P.KEEP, load=favourite_by_id)
def delete_favourite(favourite: Favourite) -> Response:
    commands.remove_favourite(favourite, by=current_member)
    return _again()


@bp.post("/favourites/<int:favourite_id>/place")
@requires(P.KEEP, load=favourite_by_id)
def place_favourite(favourite: Favourite) -> Response:
    """Into `folder` (an id, or nothing) behind `after` (an id, or nothing: to its beginning)."""
    folder, after = (request.form.get(name, type=whole) for name in ("folder", "after"))
    commands.place_favourite(
        favourite,
        folder=favourite_by_id(current_member, folder) if folder else None,
        after=favourite_by_id(current_member, after) if after else None,
        by=current_member,
    )
    return _again()


def _name() -> str:
    return one_line(request.form.get("name", "")) or ""


def _again() -> Response:
    if not is_htmx():
        return go(url_for("search.list_favourites"))
    return _moved(reply("search/favourites/update.html", kept=favourites_of(current_member)))


def _moved(response: Response) -> Response:
    """This page's own sidebar looks again, as if another window had changed them."""
    return trigger(response, moved={"topics": [f"favourites-{current_member.id}"]})
