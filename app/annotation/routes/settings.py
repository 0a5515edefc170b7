"""How tasks are handed out, and what people read before they begin."""

from __future__ import annotations

from flask import Response, url_for

from app.annotation.commands.labellings import edit_labelling, instruct_labelling
from app.annotation.forms.labellings import InstructionForm, SettingsForm
from app.annotation.models import Labelling
from app.annotation.policies import P
from app.annotation.queries.labellings import labelling_by_project
from app.annotation.routes import bp
from app.annotation.routes.labellings import ONE
from app.documents.commands import discard_draft
from app.documents.queries import draft_of
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page

_FIELDS = ("overlap", "sampling", "show_skip", "skip_queue", "lock_minutes", "allow_empty")


@bp.get(f"{ONE}/settings")
@requires(P.MANAGE, load=labelling_by_project)
def show_settings(labelling: Labelling) -> Response:
    form = SettingsForm(formdata=None, **{name: getattr(labelling, name) for name in _FIELDS})
    return page("annotation/settings/general.html", labelling=labelling, form=form)


@bp.post(f"{ONE}/settings")
@requires(P.MANAGE, load=labelling_by_project)
def update_settings(labelling: Labelling) -> Response:
    form = SettingsForm()
    if not form.validate():
        return invalid(form, "annotation/settings/general.html", labelling=labelling)
    edit_labelling(labelling, by=current_member, **{name: form[name].data for name in _FIELDS})
    return go(url_for("annotation.show_settings", identifier=labelling.project.identifier), _("Saved"))


@bp.get(f"{ONE}/instructions")
@requires(P.MANAGE, load=labelling_by_project)
def edit_instructions(labelling: Labelling) -> Response:
    body = labelling.instruction.body if labelling.instruction else ""
    form = InstructionForm(formdata=None, body=body, show_instruction=labelling.show_instruction)
    draft = draft_of(current_member, _key(labelling))
    return page(
        "annotation/settings/instructions.html", labelling=labelling, form=form, draft=draft, key=_key(labelling)
    )


@bp.post(f"{ONE}/instructions")
@requires(P.MANAGE, load=labelling_by_project)
def update_instructions(labelling: Labelling) -> Response:
    form = InstructionForm()
    if not form.validate():
        return invalid(form, "annotation/settings/instructions.html", labelling=labelling, key=_key(labelling))
    try:
        instruct_labelling(labelling, form.body.data or "", by=current_member)
    except Invalid as error:
        refused = form.blame(error)
        return invalid(refused, "annotation/settings/instructions.html", labelling=labelling, key=_key(labelling))
    edit_labelling(labelling, by=current_member, show_instruction=form.show_instruction.data)
    discard_draft(current_member, _key(labelling))
    return go(url_for("annotation.edit_instructions", identifier=labelling.project.identifier), _("Saved"))


def _key(labelling: Labelling) -> str:
    return f"labelling:{labelling.project.identifier}:instructions"
