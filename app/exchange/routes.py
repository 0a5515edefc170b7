"""Bringing issues in: upload, mapping, dry run, import, report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, stream_with_context, url_for

from app.adapters.tables.reading import DELIMITERS, ENCODINGS
from app.boards.models import Priority
from app.boards.policies import P
from app.exchange import commands, queries
from app.exchange.forms import LEFT_OUT, MappingForm, UploadForm, meanings_of
from app.exchange.mapping import FIELDS
from app.exchange.models import Import, Status
from app.exchange.queries import import_by_number
from app.exchange.report import report_lines
from app.exchange.survey import repeated
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.models import Project
from app.projects.queries import project_by_identifier, states_of
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.uploads import take_large_files
from app.web.urls import TENANT, whole

bp = Blueprint("exchange", __name__, url_prefix=f"{TENANT}/projects/<identifier>/imports")
_ONE = "/<int(max=2147483647):number>"


take_large_files(
    bp,
    {"exchange.create_import": lambda: commands.MOST},
    lambda: "A file may have at most 50 MB. Split it, or leave out columns that nobody needs.",
)


@bp.get("")
@requires(P.IMPORT, load=project_by_identifier)
def list_imports(project: Project) -> Response:
    found = queries.imports_of(project, below=request.args.get("below", type=whole))
    return page("exchange/index.html", project=project, imports=found[: queries.LIST], more=len(found) > queries.LIST)


@bp.get("/new")
@requires(P.IMPORT, load=project_by_identifier)
def new_import(project: Project) -> Response:
    return page("exchange/new.html", project=project, form=UploadForm(), most=commands.MOST)


@bp.post("")
@requires(P.IMPORT, load=project_by_identifier)
def create_import(project: Project) -> Response:
    form = UploadForm()
    if not form.validate():
        return invalid(form, "exchange/new.html", project=project, most=commands.MOST)
    upload = form.file.data
    try:
        record = commands.upload_import(project, upload.stream, _name(upload.filename), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "exchange/new.html", project=project, most=commands.MOST)
    return go(_address(record))


@bp.get(_ONE)
@requires(P.IMPORT, load=import_by_number)
def show_import(record: Import) -> Response:
    """The import as it stands: its mapping while that can be changed, else progress and report."""
    if record.status is Status.MAPPING:
        return _mapping(record, MappingForm(record, states_of(record.project_id)))
    shows(f"import-{record.id}")
    return page("exchange/show.html", **_standing(record))


@bp.get(f"{_ONE}/standing")
@requires(P.IMPORT, load=import_by_number)
def show_standing(record: Import) -> Response:
    """The part of the page that follows the job; a dry run that was stopped goes back to its mapping."""
    if record.status is Status.MAPPING:
        return go(_address(record))
    return page("exchange/_standing.html", **_standing(record))


@bp.get(f"{_ONE}/mapping")
@requires(P.IMPORT, load=import_by_number)
def edit_mapping(record: Import) -> Response:
    if record.status not in (Status.MAPPING, Status.CHECKED):
        return go(_address(record), _("The columns cannot be changed any more."))
    return _mapping(record, MappingForm(record, states_of(record.project_id)))


@bp.post(f"{_ONE}/mapping")
@requires(P.IMPORT, load=import_by_number)
def update_mapping(record: Import) -> Response:
    form = MappingForm(record, states_of(record.project_id), request.form)
    if not form.validate():
        return _mapping(record, form, status=422)
    commands.map_imports([record], form.mapping, by=current_member)
    return go(_address(record))


@bp.get(f"{_ONE}/values")
@requires(P.IMPORT, load=import_by_number)
def show_values(record: Import) -> Response:
    """The values of the columns that were just chosen for state and priority."""
    columns = {name: request.args.get(name, LEFT_OUT, type=int) for name in ("state", "priority")}
    return page("exchange/_values.html", **_values(record, columns))


@bp.post(f"{_ONE}/run")
@requires(P.IMPORT, load=import_by_number)
def create_run(record: Import) -> Response:
    commands.start_imports([record], by=current_member)
    return go(_address(record))


@bp.post(f"{_ONE}/cancellation")
@requires(P.IMPORT, load=import_by_number)
def create_cancellation(record: Import) -> Response:
    commands.cancel_imports([record], by=current_member)
    return go(_address(record), _("Stopped."))


@bp.get(f"{_ONE}/report.csv")
@requires(P.IMPORT, load=import_by_number, keys=True)
def show_report(record: Import) -> Response:
    lines = report_lines(queries.whole_report(record), record.project.identifier)
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"import-{record.project.identifier}-{record.number}.csv"
    )
    return response


def _address(record: Import) -> str:
    return url_for("exchange.show_import", identifier=record.project.identifier, number=record.number)


def _name(filename: str | None) -> str:
    """The last part of a name, for people to read; no path is ever made of it."""
    return one_line((filename or "").replace("\\", "/").rsplit("/", 1)[-1]) or ""


def _mapping(record: Import, form: MappingForm, status: int = 200) -> Response:
    columns = {name: form[name].data if isinstance(form[name].data, int) else LEFT_OUT for name in FIELDS}
    return page(
        "exchange/mapping.html",
        status=status,
        form=form,
        fields=FIELDS,
        repeated=repeated(record.header),
        encoding=ENCODINGS[record.encoding],
        delimiter=DELIMITERS[record.delimiter],
        twin=queries.same_file(record.project, record.digest, but=record.id),
        **_values(record, columns),
    )


def _values(record: Import, columns: dict[str, int]) -> dict[str, Any]:
    states = states_of(record.project_id)
    return {
        "record": record,
        "project": record.project,
        **meanings_of(record, columns, states),
        "states": [(state.id, state.name) for state in states],
        "priorities": [(int(level), level.label) for level in Priority],
        "default_state": next((state.name for state in states if state.is_default), states[0].name),
    }


def _standing(record: Import) -> dict[str, Any]:
    after, only = request.args.get("after", 0, type=whole), request.args.get("show") == "refused"
    found = queries.problems(record, after=after, refused_only=only) if not record.is_working else ()
    refused, remarked = queries.remarks_count(record) if not record.is_working else (record.rows_failed, 0)
    return {
        "record": record,
        "project": record.project,
        "problems": found[: queries.PAGE],
        "refused": refused,
        "remarked": remarked,
        "more": len(found) > queries.PAGE,
        "after": after,
        "only": only,
        "outcome": commands.outcome(record),
    }
