"""Taking labels out: asked for, listed, downloaded, thrown away."""

from __future__ import annotations

from typing import Any

from flask import Response, send_file, url_for

from app.adapters import files
from app.annotation.commands import exports as commands
from app.annotation.forms.imports import ExportForm
from app.annotation.models import Format, Labelling, LabellingExport
from app.annotation.policies import P
from app.annotation.queries.exports import export_by_number, exports_of
from app.annotation.queries.labellings import labelling_by_project
from app.annotation.routes import bp
from app.annotation.routes.labellings import ONE
from app.kernel.errors import NotFound, Refused
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page

_EXPORT = f"{ONE}/exports/<int(max=2147483647):number>"


@bp.get(f"{ONE}/exports")
@requires(P.EXPORT, load=labelling_by_project)
def list_exports(labelling: Labelling) -> Response:
    return page("annotation/exports/index.html", form=ExportForm(formdata=None), **_around(labelling))


@bp.post(f"{ONE}/exports")
@requires(P.EXPORT, load=labelling_by_project)
def create_export(labelling: Labelling) -> Response:
    form, around = ExportForm(), _around(labelling)
    if not form.validate():
        return invalid(form, "annotation/exports/index.html", **around)
    try:
        commands.start_export(
            labelling,
            form.format.data,
            by=current_member._get_current_object(),
            only_finished=form.only_finished.data,
            running=sum(record.is_working for record in around["exports"]),
        )
    except Refused as error:
        form.form_errors = [str(error)]
        return invalid(form, "annotation/exports/index.html", **around)
    return go(_list(labelling), _("It is being made. It shows here when it is ready."))


@bp.get(f"{_EXPORT}/file")
@requires(P.EXPORT, load=export_by_number, keys=True)
def show_file(record: LabellingExport) -> Response:
    """The file itself, always as a download."""
    if record.file is None:
        raise NotFound(_("This export is not ready, or its time is over."))
    try:
        source = files.open_file(record.file)
    except FileNotFoundError:
        raise NotFound(_("This export is no longer there. Make a new one.")) from None
    response = send_file(
        source,
        mimetype="text/csv" if record.format is Format.CSV else "application/json",
        as_attachment=True,
        download_name=f"{record.labelling.project.identifier}-{record.number}-{record.filename}",
        etag=record.digest,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post(f"{_EXPORT}/deletion")
@requires(P.EXPORT, load=export_by_number)
def destroy_export(record: LabellingExport) -> Response:
    labelling = record.labelling
    commands.delete_exports([record], by=current_member)
    return go(_list(labelling), _("Deleted."))


def _around(labelling: Labelling) -> dict[str, Any]:
    shows(f"labelling-exports-{labelling.id}")
    return {"labelling": labelling, "exports": exports_of(labelling)}


def _list(labelling: Labelling) -> str:
    return url_for("annotation.list_exports", identifier=labelling.project.identifier)
