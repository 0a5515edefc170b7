"""The trees, and what was put away of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Response, request, url_for

from app.kernel.access import may
from app.kernel.errors import Forbidden
from app.kernel.words import gettext as _
from app.pages.models import Page
from app.pages.policies import P
from app.pages.queries.pages import pages_put_away, recent_pages
from app.pages.queries.tree import Tree, read_opened, tree_of
from app.pages.routes import bp
from app.projects.models import Feature, Project
from app.projects.queries import project_with
from app.web.current import current_member
from app.web.guard import refuse, requires
from app.web.live import shows
from app.web.replies import page
from app.web.urls import whole


@bp.get("/pages")
@requires(P.WIKI)
def list_pages() -> Response:
    """The organization's pages, and one's private ones."""
    return _listed(None)


@bp.get("/projects/<identifier>/pages")
@requires(P.VIEW, load=project_with(Feature.PAGES))
def list_project_pages(project: Project) -> Response:
    return _listed(project)


@bp.get("/pages/archive")
@requires(P.VIEW)
def list_archive() -> Response:
    """The archive and the bin of the organization's tree, or of the `project`'s."""
    project = project_asked(request.args.get("project", ""))
    archived, deleted = pages_put_away(current_member, project)
    return page("pages/archive.html", project=project, base=base_of(project), archived=archived, deleted=deleted)


def project_asked(identifier: str) -> Project | None:
    """The project that a request names; None means the organization. Raises NotFound, and Forbidden for guests."""
    if identifier:
        return project_with(Feature.PAGES)(current_member, identifier)
    if not current_member.may(P.WIKI):
        raise Forbidden(_("You see the pages of your projects. Open one of those."))
    return None


def insist(permission: P, things: Sequence[Page | Project]) -> None:
    """Refuse unless the member may do this to all."""
    if not all(may(current_member, permission, on) for on in things):
        refuse("permission", permission=permission)


def base_of(project: Project | None) -> str:
    """The address of a tree."""
    if project is None:
        return url_for("pages.list_pages")
    return url_for("pages.list_project_pages", identifier=project.identifier)


def tree_shown(project: Project | None, also: Collection[int] = ()) -> Tree:
    """The tree as the page shows it that a change was made on."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    asked = {name: values[0] for name, values in parse_qs(shown.query).items()}
    return _tree(project, asked, also)


def _tree(project: Project | None, asked: Any, also: Collection[int] = ()) -> Tree:
    try:
        all_of = whole(asked["all"]) if "all" in asked else None
    except ValueError:
        all_of = None
    opened = read_opened(asked.get("open"))
    return tree_of(current_member, project, base_of(project), opened=opened, also=also, all_of=all_of)


def _listed(project: Project | None) -> Response:
    """The page; with `part` the tree, which follows changes."""
    shows(f"pages-{project.id if project else 0}")
    tree = _tree(project, request.args)
    if "part" in request.args:
        return page("pages/tree.html", tree=tree, project=project)
    return page("pages/index.html", tree=tree, project=project, recent=recent_pages(current_member, project))
