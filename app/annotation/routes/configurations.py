"""What is asked: the configuration, checked and shown while it is written."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.annotation.canvas import Canvas
from app.annotation.commands.labellings import Orphans, configure_labelling, lost_annotations
from app.annotation.config import Broken, Problem, Severity, check, parse
from app.annotation.config.templates import ALL, BY_NAME
from app.annotation.forms.labellings import ConfigurationForm
from app.annotation.models import Labelling
from app.annotation.policies import P
from app.annotation.queries.labellings import columns_of, config_versions, labelling_by_project
from app.annotation.routes import bp
from app.annotation.routes.labellings import ONE
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page

_PAGE = "annotation/settings/configuration.html"


@bp.get(f"{ONE}/configuration")
@requires(P.MANAGE, load=labelling_by_project)
def edit_configuration(labelling: Labelling) -> Response:
    """The editor, with the configuration as it is, or with the one of `?template` to look at before it is saved."""
    template = BY_NAME.get(request.args.get("template", ""))
    xml = template.xml if template else labelling.config
    form = ConfigurationForm(formdata=None, config=xml, version=labelling.config_version)
    return page(_PAGE, form=form, **_around(labelling), **_looked_over(labelling, xml))


@bp.post(f"{ONE}/configuration")
@requires(P.MANAGE, load=labelling_by_project)
def update_configuration(labelling: Labelling) -> Response:
    columns, _rows = columns_of(labelling)
    form = ConfigurationForm(columns=columns)
    xml = form.config.data or ""
    if not form.validate():
        return invalid(form, _PAGE, **_around(labelling), **_looked_over(labelling, xml))
    if form.version.data != str(labelling.config_version):
        form.form_errors = ["Somebody else has changed it meanwhile. Open the page again, and put yours in."]
        return invalid(form, _PAGE, **_around(labelling), **_looked_over(labelling, xml))
    try:
        told = sum(count for _, count in lost_annotations(labelling, xml))
        configure_labelling(labelling, xml, by=current_member, accept=form.accept.data == str(told))
    except Invalid as error:
        return invalid(form.blame(error), _PAGE, **_around(labelling), **_looked_over(labelling, xml))
    except Orphans as error:
        form.accept.data = str(sum(count for _, count in error.lost))
        return invalid(form, _PAGE, lost=error.lost, **_around(labelling), **_looked_over(labelling, xml))
    return go(url_for("annotation.edit_configuration", identifier=labelling.project.identifier), _("Saved"))


@bp.post(f"{ONE}/configuration/check")
@requires(P.MANAGE, load=labelling_by_project)
def create_check(labelling: Labelling) -> Response:
    """What is wrong with what stands in the editor, and how it would look. Changes nothing."""
    form = ConfigurationForm()
    return page(
        "annotation/settings/_check.html", labelling=labelling, **_looked_over(labelling, form.config.data or "")
    )


def _around(labelling: Labelling) -> dict[str, Any]:
    return {"labelling": labelling, "templates": ALL, "versions": config_versions(labelling)}


def _looked_over(labelling: Labelling, xml: str) -> dict[str, Any]:
    """Problems and, where nothing is in its way, the preview."""
    columns, data = columns_of(labelling)
    problems: list[Problem] = check(xml, columns or None)
    try:
        config = parse(xml)
    except Broken:
        config = None
    if data is None and config is not None:
        fitting = next((template.sample for template in ALL if set(config.fields) <= template.sample.keys()), None)
        data = fitting or {name: f"Here stands what the column “{name}” holds." for name in config.fields}
    return {
        "problems": problems[:100],
        "errors": sum(problem.severity is Severity.ERROR for problem in problems),
        "view": Canvas(config, data or {}, fresh=True) if config else None,
        "from_task": bool(columns),
    }
