"""Locking pages, who sees them, the archive and the bin."""

from __future__ import annotations

from flask import Response, request, url_for

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.pages.commands.keeping import (
    archive_pages,
    delete_pages,
    hide_page,
    lock_pages,
    restore_page,
    share_page,
    unarchive_page,
    unlock_pages,
)
from app.pages.forms import AccessForm, ChosenForm
from app.pages.models import Access, Page
from app.pages.policies import P
from app.pages.queries.pages import deleted_page, page_by_id, pages_by_ids
from app.pages.routes import bp
from app.pages.routes.lists import base_of, insist, tree_shown
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import wants_part
from app.web.replies import go, reply


@bp.post("/pages/<int:page_id>/lock")
@requires(P.LOCK, load=page_by_id)
def create_lock(found: Page) -> Response:
    lock_pages([found], by=current_member)
    return _back_to(found, "Locked")


@bp.post("/pages/<int:page_id>/unlocking")
@requires(P.LOCK, load=page_by_id)
def destroy_lock(found: Page) -> Response:
    unlock_pages([found], by=current_member)
    return _back_to(found, "Unlocked")


@bp.post("/pages/<int:page_id>/access")
@requires(P.SHARE, load=page_by_id)
def update_access(found: Page) -> Response:
    """Make a page and what is below it private, or public."""
    form = AccessForm()
    if not form.validate():
        raise Invalid(_("Send “access” as public or private."), "access")
    if form.access.data == Access.PRIVATE:
        hide_page(found, by=current_member)
        return _back_to(found, "Only you see this page now")
    share_page(found, by=current_member)
    return _back_to(found, "Everybody here sees this page now")


@bp.post("/pages/<int:page_id>/archival")
@requires(P.DELETE, load=page_by_id)
def create_archival(found: Page) -> Response:
    archive_pages([found], by=current_member)
    return _back_to(found, "In the archive now")


@bp.post("/pages/<int:page_id>/return")
@requires(P.DELETE, load=page_by_id)
def destroy_archival(found: Page) -> Response:
    unarchive_page(found, by=current_member)
    return _back_to(found, "Back in the tree")


@bp.post("/pages/deletion")
@requires(P.DELETE)
def create_deletion() -> Response:
    """Delete the pages named by `ids`. With `here` from a page's own page, which is left."""
    form = ChosenForm(request.values)
    if not form.ids.data:
        raise Invalid(_("Choose a page first."), "ids")
    pages = pages_by_ids(current_member, form.ids.data)
    insist(P.DELETE, pages)
    first, project = pages[0], pages[0].project
    activity = delete_pages(pages, by=current_member)
    count = activity.count if activity else 0
    said = "Page deleted" if count == 1 else f"{count:,} pages deleted"
    if not wants_part() or "here" in request.values:
        return go(base_of(project), _("%(said)s. It waits in the bin.", said=said))
    undo = url_for("pages.create_restoration", page_id=first.id) if len(pages) == 1 else None
    return reply("pages/moved.html", tree=tree_shown(project), project=project, said=said, undo=undo)


@bp.post("/pages/<int:page_id>/restoration")
@requires(P.DELETE, load=deleted_page)
def create_restoration(found: Page) -> Response:
    project = found.project
    restore_page(found, by=current_member)
    if not wants_part() or "here" in request.values:
        return go(url_for("pages.show_page", page_id=found.id), _("The page is back"))
    return reply("pages/moved.html", tree=tree_shown(project), project=project, said=_("The page is back"), undo=None)


def _back_to(found: Page, said: str) -> Response:
    return go(url_for("pages.show_page", page_id=found.id), said)
