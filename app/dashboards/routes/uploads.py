"""Files of sources: uploaded, their columns confirmed, loaded; what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request, stream_with_context, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from app.adapters.tables.reading import DELIMITERS, ENCODINGS
from app.adapters.tables.writing import MARK, line
from app.dashboards.commands import sources as commands
from app.dashboards.forms.sources import CHOICES, ColumnsForm, FileForm, UploadForm, choice_of
from app.dashboards.models import Source, SourceFile
from app.dashboards.models.sources import Stage
from app.dashboards.policies import P
from app.dashboards.queries import sources as queries
from app.dashboards.queries.sources import file_by_number, source_by_number
from app.dashboards.routes import bp
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member, current_organization
from app.web.errors import answer
from app.web.forms import one_line
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.urls import whole

#: What a form around the file may take beside it.
_ENVELOPE = 64 * 1024
_FILES = "/sources/<int:number>/files"
_ONE = f"{_FILES}/<int:file_number>"
_TAKE_FILES = ("dashboards.create_source", "dashboards.create_file")
_TOO_LARGE = f"A file may have at most {commands.MOST // 2**20} MB. Split it, or leave out columns that nobody needs."


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, values: Any) -> None:
    """Uploads of people who are signed in may be larger than forms are. Runs before anything reads the request."""
    if endpoint in _TAKE_FILES and current_user.is_authenticated:
        request.max_content_length = commands.MOST + _ENVELOPE


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    return answer(413, _TOO_LARGE)


@bp.get("/sources/new")
@requires(P.EDIT_SOURCES)
def new_source() -> Response:
    return page("dashboards/sources/new.html", form=UploadForm(formdata=None), most=commands.MOST, too_large=_TOO_LARGE)


@bp.post("/sources")
@requires(P.EDIT_SOURCES)
def create_source() -> Response:
    form = UploadForm()
    if not form.validate():
        return invalid(form, "dashboards/sources/new.html", most=commands.MOST, too_large=_TOO_LARGE)
    filename = _name(form.file.data.filename)
    name = form.name.data or filename.rsplit(".", 1)[0][:120] or "Table"
    try:
        upload = commands.create_source(name, form.file.data.stream, filename, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "dashboards/sources/new.html", most=commands.MOST, too_large=_TOO_LARGE)
    upload.source.description = form.description.data or ""
    return go(_address(upload))


@bp.get(f"{_FILES}/new")
@requires(P.EDIT_SOURCES, load=source_by_number)
def new_file(source: Source) -> Response:
    return page("dashboards/sources/new_file.html", **_form(FileForm(formdata=None), source))


@bp.post(_FILES)
@requires(P.EDIT_SOURCES, load=source_by_number)
def create_file(source: Source) -> Response:
    form = FileForm()
    if not form.validate():
        return page("dashboards/sources/new_file.html", status=422, **_form(form, source))
    try:
        upload = commands.upload_file(source, form.file.data.stream, _name(form.file.data.filename), by=current_member)
    except Invalid as error:
        form.blame(error)
        return page("dashboards/sources/new_file.html", status=422, **_form(form, source))
    return go(_address(upload))


@bp.get(_ONE)
@requires(P.EDIT_SOURCES, load=file_by_number)
def show_file(upload: SourceFile) -> Response:
    """A file as it stands: its columns while they can be changed, else progress and what was left out."""
    if upload.stage is Stage.TYPING:
        return _columns(upload, ColumnsForm(upload, formdata=None, timezone=current_organization.timezone))
    shows(f"source-{upload.source_id}")
    return page("dashboards/sources/file.html", **_standing(upload))


@bp.get(f"{_ONE}/standing")
@requires(P.EDIT_SOURCES, load=file_by_number)
def show_file_standing(upload: SourceFile) -> Response:
    """The part of the page that follows the job."""
    return page("dashboards/sources/_file.html", **_standing(upload))


@bp.get(f"{_ONE}/columns")
@requires(P.EDIT_SOURCES, load=file_by_number)
def edit_columns(upload: SourceFile) -> Response:
    if upload.stage in (Stage.LOADING, Stage.DONE) or upload.file is None:
        return go(_address(upload), _("The columns cannot be changed any more. Upload the file again."))
    return _columns(upload, ColumnsForm(upload, formdata=None, timezone=upload.timezone))


@bp.post(f"{_ONE}/columns")
@requires(P.EDIT_SOURCES, load=file_by_number)
def update_columns(upload: SourceFile) -> Response:
    form = ColumnsForm(upload)
    if not form.validate():
        return _columns(upload, form, status=422)
    try:
        commands.load_file(upload, form.columns, form.timezone.data, by=current_member)
    except Invalid as error:
        form.blame(error)
        return _columns(upload, form, status=422)
    return go(_address(upload))


@bp.post(f"{_ONE}/cancellation")
@requires(P.EDIT_SOURCES, load=file_by_number)
def create_file_cancellation(upload: SourceFile) -> Response:
    commands.cancel_file(upload)
    return go(_address(upload), _("Stopped."))


@bp.get(f"{_ONE}/problems.csv")
@requires(P.EDIT_SOURCES, load=file_by_number, keys=True)
def show_problems(upload: SourceFile) -> Response:
    response = Response(stream_with_context(_problem_lines(upload)), mimetype="text/csv")
    filename = f"source-{upload.source.number}-{upload.number}-left-out.csv"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _problem_lines(upload: SourceFile) -> Iterator[str]:
    yield MARK + line(["Line", "Column", "Value", "Why"])
    for problem in queries.all_problems(upload):
        yield line([str(problem.line), problem.column, problem.value, problem.why])


def _address(upload: SourceFile) -> str:
    return url_for("dashboards.show_file", number=upload.source.number, file_number=upload.number)


def _name(filename: str | None) -> str:
    """The last part of a name, for people to read; no path is ever made of it."""
    return one_line((filename or "").replace("\\", "/").rsplit("/", 1)[-1]) or ""


def _form(form: FileForm, source: Source) -> dict[str, Any]:
    return {"form": form, "source": source, "most": commands.MOST, "too_large": _TOO_LARGE}


def _columns(upload: SourceFile, form: ColumnsForm, status: int = 200) -> Response:
    chosen = form.kind.data or [choice_of(column) for column in upload.columns]
    return page(
        "dashboards/sources/columns.html",
        status=status,
        form=form,
        upload=upload,
        source=upload.source,
        choices=CHOICES,
        chosen=dict(enumerate(chosen)),
        encoding=ENCODINGS[upload.encoding],
        delimiter=DELIMITERS[upload.delimiter],
    )


def _standing(upload: SourceFile) -> dict[str, Any]:
    after = request.args.get("after", 0, type=whole)
    found = () if upload.stage is Stage.LOADING else queries.problems_of(upload, after=after)
    return {
        "upload": upload,
        "source": upload.source,
        "problems": found[: queries.PAGE],
        "more": len(found) > queries.PAGE,
        "after": after,
        "listed": commands.PROBLEMS_MOST,
    }
