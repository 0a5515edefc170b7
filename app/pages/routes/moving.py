"""Moving pages: by keys in the tree, and below a page that one chooses."""

from __future__ import annotations

from flask import Response, request, url_for

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.pages.commands.moving import Step, move_pages, step_page
from app.pages.forms import ChosenForm, MoveForm
from app.pages.models import Page
from app.pages.policies import P
from app.pages.queries.finding import places_for
from app.pages.queries.lineage import below
from app.pages.queries.pages import page_by_id, pages_by_ids, place_of
from app.pages.routes import bp
from app.pages.routes.lists import base_of, insist, tree_shown
from app.search.finders import words_of
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, page, reply

_LONGEST = 100


@bp.get("/pages/move")
@requires(P.EDIT)
def new_move() -> Response:
    """Where the pages named by `ids` could stand: a page, or what stands in the dialog; with `q` what fits of it."""
    pages = pages_by_ids(current_member, _ids(ChosenForm(request.args)))
    insist(P.EDIT, pages)
    first = pages[0]
    words = words_of((one_line(request.args.get("q", "")) or "")[:_LONGEST])
    without = {one.id for one, _ in below(pages, current_member, fresh=False)} | {first.parent_id or 0}
    places = places_for(first, current_member, words, without)
    part = "pages/move_places.html" if "q" in request.args and wants_part() else "pages/move.html"
    return page(part, pages=pages, places=places, words=words, base=base_of(first.project), here=_here())


@bp.post("/pages/moves")
@requires(P.EDIT)
def create_move() -> Response:
    """Move pages. With `here` from a page's own page, which is shown anew; else the tree is."""
    form = MoveForm(request.values)
    pages = pages_by_ids(current_member, _ids(form))
    insist(P.EDIT, pages)
    member, first = current_member._get_current_object(), pages[0]
    project, was = first.project, (first.parent_id, first.access)
    place = place_of(first, member)
    if not form.validate():
        raise Invalid(_("This does not say where the page should go."), "parent")
    if form.step.data:
        activity = step_page(first, Step(form.step.data), by=member)
    else:
        parent = page_by_id(member, form.parent.data) if form.parent.data else None
        insist(P.CREATE, [parent] if parent else [])
        activity = move_pages(pages, parent, after=form.after.data, before=form.before.data, by=member)
    said = _said(pages, bool(activity))
    if not wants_part() or _here():
        return go(url_for("pages.show_page", page_id=first.id) if _here() else base_of(project), said)
    undo = None
    if activity and len(pages) == 1 and was[1] is first.access:
        after, before = place.before, None if place.before else place.after
        undo = url_for(
            "pages.create_move",
            ids=first.id,
            parent=was[0] or 0,
            after=after.id if after else None,
            before=before.id if before else None,
        )
    tree = tree_shown(project, also=[first.parent_id] if first.parent_id else ())
    response = reply("pages/moved.html", tree=tree, project=project, said=said, undo=undo)
    return trigger(response, close_dialog=True)


def _ids(form: ChosenForm) -> list[int]:
    if not form.ids.data:
        raise Invalid(_("Choose a page first."), "ids")
    return form.ids.data


def _here() -> bool:
    return "here" in request.values


def _said(pages: list[Page], moved: bool) -> str:
    if not moved:
        return "It stands there already"
    return "Page moved" if len(pages) == 1 else f"{len(pages)} pages moved"
