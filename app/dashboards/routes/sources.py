"""Sources: listed, shown with their rows and history, named, deleted, restored."""

from __future__ import annotations

from flask import Response, request, url_for

from app.activity.queries import history_of
from app.dashboards.commands import sources as commands
from app.dashboards.forms.sources import SourceForm
from app.dashboards.models import Source
from app.dashboards.models.sources import Stage
from app.dashboards.policies import P
from app.dashboards.queries import sources as queries
from app.dashboards.queries.sources import deleted_source, source_by_number
from app.dashboards.routes import bp
from app.kernel.datasets import datasets_of
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import is_htmx, trigger
from app.web.live import shows
from app.web.replies import go, invalid, page, reply
from app.web.urls import whole

_ONE = "/sources/<int:number>"


@bp.get("/sources")
@requires(P.VIEW_SOURCES)
def list_sources() -> Response:
    """What can be asked: the organization's own tables, and those that were brought in."""
    shows("sources")
    after, after_id = request.args.get("after", "")[:120], request.args.get("id", 0, type=whole)
    found = queries.list_of_sources(current_member, after=after, after_id=after_id)
    return page(
        "dashboards/sources/index.html",
        sources=found[: queries.LIST],
        more=len(found) > queries.LIST,
        datasets=[] if after_id else datasets_of(current_member),
        deleted=() if after_id else queries.deleted_sources(current_member),
        loading=queries.loading(current_member),
    )


@bp.get(_ONE)
@requires(P.VIEW_SOURCES, load=source_by_number)
def show_source(source: Source) -> Response:
    """A source: its columns, the questions to it, its files and history. With `part` what follows changes."""
    shows(f"source-{source.id}")
    template = "dashboards/sources/_standing.html" if "part" in request.args else "dashboards/sources/show.html"
    return page(
        template,
        source=source,
        files=(files := queries.files_of(source)),
        latest=next((file for file in files if file.stage is Stage.DONE), None),
        questions=queries.questions_to(source, current_member),
        history=history_of(source, limit=20),
    )


@bp.get(f"{_ONE}/edit")
@requires(P.EDIT_SOURCES, load=source_by_number)
def edit_source(source: Source) -> Response:
    form = SourceForm(formdata=None, name=source.name, description=source.description)
    return page("dashboards/sources/edit.html", source=source, form=form)


@bp.post(_ONE)
@requires(P.EDIT_SOURCES, load=source_by_number)
def update_source(source: Source) -> Response:
    form = SourceForm()
    if not form.validate():
        return invalid(form, "dashboards/sources/edit.html", source=source)
    commands.edit_source(source, name=form.name.data, description=form.description.data or "", by=current_member)
    return go(url_for("dashboards.show_source", number=source.number), _("Saved"))


@bp.post(f"{_ONE}/deletion")
@requires(P.EDIT_SOURCES, load=source_by_number)
def destroy_source(source: Source) -> Response:
    commands.delete_sources([source], by=current_member)
    return go(url_for("dashboards.list_sources"), _("%(name)s deleted. It can be restored below.", name=source.name))


@bp.post(f"{_ONE}/restoration")
@requires(P.EDIT_SOURCES, load=deleted_source)
def restore_source(source: Source) -> Response:
    commands.restore_sources([source], by=current_member)
    if not is_htmx():
        return go(url_for("dashboards.list_sources"), _("%(name)s restored", name=source.name))
    response = reply("dashboards/_done.html", said=_("%(name)s restored", name=source.name), undo=None)
    return trigger(response, moved={"topics": ["sources", f"source-{source.id}"]})
