"""Links between things, made on the page of either."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from app.kernel.errors import Invalid
from app.kernel.events import noun_of
from app.kernel.sight import row_named
from app.kernel.words import gettext as _
from app.search import finders
from app.search.commands.links import link_nouns, unlink_nouns
from app.search.policies import P
from app.search.queries.finding import find
from app.search.queries.trails import link_of
from app.search.routes import bp
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, page, reply

#: Things that are offered for what was typed, a noun.
_OFFERED = 5


@bp.get("/<noun>/<int:subject_id>/links/new")
@requires(P.LINK, load=row_named)
def new_link(row: Any) -> Response:
    """The dialog: a search, and what it found to choose from."""
    return page("search/links/new.html", subject=row, **_offered(row))


@bp.get("/<noun>/<int:subject_id>/links/offers")
@requires(P.LINK, load=row_named)
def list_offers(row: Any) -> Response:
    return reply("search/links/_offers.html", subject=row, **_offered(row))


@bp.post("/<noun>/<int:subject_id>/links")
@requires(P.LINK, load=row_named)
def create_link(row: Any) -> Response:
    """`to` names the other side: `issue:12`. It must be seen too."""
    noun, colon, number = (request.form.get("to") or "").partition(":")
    if not (colon and number.isascii() and number.isdecimal() and len(number) < 19):
        raise Invalid(_("Choose what to link to."), "to")
    link_nouns(row, row_named(current_member, noun, int(number)), by=current_member)
    return _again(row)


@bp.post("/<noun>/<int:subject_id>/links/<int:link_id>/deletion")
@requires(P.LINK, load=row_named)
def delete_link(row: Any, link_id: int) -> Response:
    tie = link_of(row, current_member, link_id)
    unlink_nouns(tie.link, row, tie.thing.row, by=current_member)
    return _again(row)


def _offered(row: Any) -> dict[str, Any]:
    asked = one_line(request.args.get("q", ""))[:100]  # type: ignore[index]
    found = find(current_member, asked, most=_OFFERED) if asked else {}
    own = noun_of(row).name
    offers = [hit for hits in found.values() for hit in hits if (hit.noun.name, hit.row.id) != (own, row.id)]
    return {"asked": asked, "words": finders.words_of(asked), "offers": offers}


def _again(row: Any) -> Response:
    if not wants_part():
        return go(noun_of(row).url(row))
    return trigger(reply("search/links/update.html", subject=row), close_dialog=True)
