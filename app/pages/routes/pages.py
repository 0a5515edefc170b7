"""Single pages: made, read, written, renamed, their versions."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.discussions.queries import discussion_of
from app.documents.commands import StaleEdit, discard_draft
from app.documents.forms import VersionForm
from app.documents.outline import outline
from app.documents.queries import comparison_asked, draft_of, versions_of
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.pages.commands.editing import PageFixed, edit_page, rename_page, restore_text
from app.pages.commands.making import create_pages
from app.pages.forms import ChosenForm, NewPageForm, TextForm, TitleForm
from app.pages.models import Page
from app.pages.policies import P
from app.pages.queries.lineage import path_to
from app.pages.queries.pages import page_by_id, pages_by_ids
from app.pages.queries.tree import tree_of
from app.pages.routes import bp
from app.pages.routes.lists import base_of, insist, project_asked
from app.search.commands.visits import note_visit
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page, reply
from app.web.urls import whole

#: What is kept of a page that is not made yet.
NEW = "page:new"


@bp.get("/pages/new")
@requires(P.CREATE)
def new_page() -> Response:
    """The form: a page, or what stands in the dialog. The address says below which page (`ids`) or in which project."""
    given = request.args.get("ids", type=whole)
    parent = page_by_id(current_member, given) if given else None
    project = parent.project if parent else project_asked(request.args.get("project", ""))
    insist(P.CREATE, [project] if project else [])
    form = NewPageForm(formdata=None, project=project.identifier if project else "", parent=parent and parent.id)
    return page(_new_template(), form=form, **_around(form, parent))


@bp.post("/pages")
@requires(P.CREATE)
def create_page() -> Response:
    """Make it, and go on to write its text."""
    form = NewPageForm()
    if not form.validate():
        return invalid(form, _new_template(), **_around(form, None))
    parent = page_by_id(current_member, form.parent.data) if form.parent.data else None
    project = project_asked(form.project.data or "")
    insist(P.CREATE, [on for on in (parent, project) if on])
    try:
        [made] = create_pages([form.draft()], project=project, parent=parent, by=current_member._get_current_object())
    except Invalid as error:
        if error.field == "parent":
            raise
        return invalid(form.blame(error), _new_template(), **_around(form, parent))
    discard_draft(current_member, NEW)
    response = go(url_for("pages.edit_text", page_id=made.id))
    return trigger(response, clear_draft={"key": NEW}) if wants_part() else response


@bp.get("/pages/<int:page_id>")
@requires(P.VIEW, load=page_by_id)
def show_page(found: Page) -> Response:
    """The page; with `part` the region that follows changes, with `nav` the tree beside it, with `text` what the form
    of an edit replaced.
    """
    shows(f"page-{found.id}", found.space)
    if "nav" in request.args:
        return page("pages/nav.html", **_beside(found))
    if "text" in request.args:
        return page("pages/text.html", **_text(found))
    if not wants_part():
        note_visit(found, by=current_member)
    template = "pages/region.html" if "part" in request.args else "pages/show.html"
    return page(template, **(_text(found) | _beside(found) | _said(found)))


@bp.get("/pages/<int:page_id>/edit")
@requires(P.EDIT, load=page_by_id)
def edit_text(found: Page) -> Response:
    """The form of title and text: a page, or what replaces the text."""
    draft = draft_of(current_member, text_key(found))
    return page(_edit_template(), page=found, form=TextForm.of(found), draft=draft)


@bp.post("/pages/<int:page_id>")
@requires(P.EDIT, load=page_by_id)
def update_page(found: Page) -> Response:
    """Save title and text. A stale form comes back with both texts, and with the present version."""
    form = TextForm()
    if not form.validate():
        return invalid(form, _edit_template(), page=found)
    try:
        activity = edit_page(
            found,
            by=current_member,
            title=form.title.data or "",
            emoji=form.emoji.data,
            body=form.body.data or "",
            seen=form.version.data,
        )
    except StaleEdit as error:
        form.version.data, form.version.raw_data = found.version, None
        return invalid(form, _edit_template(), page=found, stale=str(error))
    except PageFixed as error:
        form.body.errors = [*form.body.errors, str(error)]
        return invalid(form, _edit_template(), page=found)
    except Invalid as error:
        return invalid(form.blame(error), _edit_template(), page=found)
    discard_draft(current_member, text_key(found))
    if not wants_part():
        return go(url_for("pages.show_page", page_id=found.id), _("Saved") if activity else None)
    response = reply("pages/update.html", activity=activity, **_text(found))
    topics = [f"page-{found.id}", found.space]
    return trigger(response, moved={"topics": topics}, clear_draft={"key": text_key(found)})


@bp.get("/pages/<int:page_id>/title")
@requires(P.EDIT, load=page_by_id)
def edit_title(found: Page) -> Response:
    """The title as a field: a page, or what replaces it; with `shown` the title again."""
    if "shown" in request.args:
        return page("pages/title.html", page=found)
    return page(_title_template(), page=found, form=TitleForm(formdata=None, title=found.title), tree=False)


@bp.get("/pages/title")
@requires(P.EDIT)
def edit_title_in_tree() -> Response:
    """The same for the page that `ids` names, in the dialog."""
    form = ChosenForm(request.args)
    if len(form.ids.data or ()) != 1:
        raise Invalid(_("Choose one page first."), "ids")
    [found] = pages_by_ids(current_member, form.ids.data)
    insist(P.EDIT, [found])
    return page(_title_template(), page=found, form=TitleForm(formdata=None, title=found.title), tree=True)


@bp.post("/pages/<int:page_id>/title")
@requires(P.EDIT, load=page_by_id)
def update_title(found: Page) -> Response:
    """Rename it; `tree` when that was asked in the tree's dialog."""
    form, tree = TitleForm(), "tree" in request.args
    if not form.validate():
        return invalid(form, _title_template(), page=found, tree=tree)
    try:
        rename_page(found, form.title.data or "", by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _title_template(), page=found, tree=tree)
    if not wants_part():
        return go(url_for("pages.show_page", page_id=found.id), _("Renamed"))
    response = reply("pages/renamed.html", page=found, tree=tree)
    trigger(response, moved={"topics": [found.space, f"page-{found.id}"]})
    return trigger(response, close_dialog=True) if tree else response


@bp.get("/pages/<int:page_id>/versions")
@requires(P.VIEW, load=page_by_id)
def list_versions(found: Page) -> Response:
    """All versions of the text, and what one of them changed: a page, or what stands in the dialog."""
    compared = comparison_asked(found.document, request.args.get("version", ""))
    return page("pages/versions.html", page=found, versions=versions_of(found.document), compared=compared)


@bp.post("/pages/<int:page_id>/versions")
@requires(P.EDIT, load=page_by_id)
def restore_version(found: Page) -> Response:
    form = VersionForm()
    if not form.validate():
        raise Invalid(" ".join(form.version.errors), "version")
    restore_text(found, form.version.data, by=current_member)
    return go(url_for("pages.show_page", page_id=found.id), _("Version %(data)s is back", data=form.version.data))


def text_key(found: Page) -> str:
    """The name of a half-written text."""
    return f"page:{found.id}:text"


def _around(form: NewPageForm, parent: Page | None) -> dict[str, Any]:
    """What the form of a new page stands in."""
    project = form.project.data or None
    base = url_for("pages.list_project_pages", identifier=project) if project else url_for("pages.list_pages")
    return {"parent": parent, "base": base, "draft": draft_of(current_member, NEW)}


def _text(found: Page) -> dict[str, Any]:
    return {"page": found, "outlined": outline(found.document.html)}


def _beside(found: Page) -> dict[str, Any]:
    """The path to a page, and the tree with that path open."""
    path = path_to(found, current_member)
    opened = [*(above.id for above in path), found.id]
    tree = tree_of(current_member, found.project, base_of(found.project), opened=opened)
    return {"page": found, "path": path, "tree": tree}


def _said(found: Page) -> dict[str, Any]:
    return {"discussion": discussion_of(found, current_member, request.args)}


def _new_template() -> str:
    return "pages/new_dialog.html" if wants_part() else "pages/new.html"


def _edit_template() -> str:
    return "pages/edit_inline.html" if wants_part() else "pages/edit.html"


def _title_template() -> str:
    return "pages/title_part.html" if wants_part() else "pages/title_page.html"
