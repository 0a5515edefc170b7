"""Bringing texts in: upload, progress, what became of the rows."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.annotation.commands import imports as commands
from app.annotation.config import Broken, parse
from app.annotation.forms.imports import ImportForm
from app.annotation.models import Labelling, TaskImport
from app.annotation.policies import P
from app.annotation.queries import imports as queries
from app.annotation.queries.imports import import_by_number
from app.annotation.queries.labellings import labelling_by_project
from app.annotation.routes import bp
from app.annotation.routes.labellings import ONE
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.uploads import take_large_files
from app.web.urls import whole

_IMPORT = f"{ONE}/imports/<int(max=2147483647):number>"


take_large_files(
    bp,
    {"annotation.create_import": lambda: commands.MOST},
    lambda: "A file may have at most 200 MB. Split it, or leave out fields that nobody needs.",
)


@bp.get(f"{ONE}/imports")
@requires(P.IMPORT, load=labelling_by_project)
def list_imports(labelling: Labelling) -> Response:
    found = queries.imports_of(labelling, below=request.args.get("below", type=whole))
    more = len(found) > queries.LIST
    return page("annotation/imports/index.html", labelling=labelling, imports=found[: queries.LIST], more=more)


@bp.get(f"{ONE}/imports/new")
@requires(P.IMPORT, load=labelling_by_project)
def new_import(labelling: Labelling) -> Response:
    return page("annotation/imports/new.html", form=ImportForm(formdata=None), **_around(labelling))


@bp.post(f"{ONE}/imports")
@requires(P.IMPORT, load=labelling_by_project)
def create_import(labelling: Labelling) -> Response:
    form = ImportForm()
    if not form.validate():
        return invalid(form, "annotation/imports/new.html", **_around(labelling))
    upload = form.file.data
    try:
        record = commands.start_import(
            labelling,
            upload.stream,
            _name(upload.filename),
            by=current_member._get_current_object(),
            skip_duplicates=form.skip_duplicates.data,
            with_annotations=form.with_annotations.data,
        )
    except Invalid as error:
        return invalid(form.blame(error), "annotation/imports/new.html", **_around(labelling))
    return go(_address(record))


@bp.get(_IMPORT)
@requires(P.IMPORT, load=import_by_number)
def show_import(record: TaskImport) -> Response:
    shows(f"task-import-{record.id}")
    return page("annotation/imports/show.html", **_standing(record))


@bp.get(f"{_IMPORT}/standing")
@requires(P.IMPORT, load=import_by_number)
def show_standing(record: TaskImport) -> Response:
    """The part of the page that follows the job."""
    return page("annotation/imports/_standing.html", **_standing(record))


@bp.post(f"{_IMPORT}/run")
@requires(P.IMPORT, load=import_by_number)
def create_run(record: TaskImport) -> Response:
    commands.continue_imports([record], by=current_member)
    return go(_address(record))


@bp.post(f"{_IMPORT}/cancellation")
@requires(P.IMPORT, load=import_by_number)
def create_cancellation(record: TaskImport) -> Response:
    commands.cancel_imports([record], by=current_member)
    return go(_address(record), _("Stopped."))


def _around(labelling: Labelling) -> dict[str, Any]:
    try:
        fields = parse(labelling.config).fields
    except Broken:
        fields = ()
    return {"labelling": labelling, "most": commands.MOST, "fields": fields}


def _standing(record: TaskImport) -> dict[str, Any]:
    after = request.args.get("after", 0, type=whole)
    found = queries.problems_of(record, after=after) if not record.is_working else ()
    return {
        "record": record,
        "labelling": record.labelling,
        "outcome": commands.outcome(record),
        "problems": found[: queries.PAGE],
        "more": len(found) > queries.PAGE,
        "after": after,
        "listed": commands.LISTED,
    }


def _address(record: TaskImport) -> str:
    return url_for("annotation.show_import", identifier=record.labelling.project.identifier, number=record.number)


def _name(filename: str | None) -> str:
    """The last part of a name, for people to read; no path is ever made of it."""
    return one_line((filename or "").replace("\\", "/").rsplit("/", 1)[-1]) or ""
