"""Organizations: how large they are, their plan, and looking into one for a reason."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_login import current_user

from app.kernel.words import gettext as _
from app.operating import commands, queries
from app.operating.forms import PlanForm, VisitForm
from app.operating.guard import operator
from app.operating.routes import bp
from app.operating.routes.people import search
from app.operating.visits import begin_visit, end_visit
from app.organizations.models import Plan
from app.organizations.queries import home_of
from app.web.replies import go, invalid, page
from app.web.urls import whole

_SHOW = "operating/organizations/show.html"


@bp.get("/organizations")
@operator
def list_organizations() -> Response:
    found = queries.organizations(search(), below=request.args.get("below", type=whole))
    shown = found[: queries.PAGE]
    template = "operating/organizations/_rows.html" if "below" in request.args else "operating/organizations/index.html"
    sizes = queries.sizes([row.id for row in shown])
    return page(template, found=shown, sizes=sizes, search=search(), more=len(found) > queries.PAGE)


@bp.get("/organizations/<int:organization_id>")
@operator
def show_organization(organization_id: int) -> Response:
    return page(_SHOW, **_shown(organization_id))


def _shown(organization_id: int, **forms: Any) -> dict[str, Any]:
    found = queries.organization_by_id(organization_id)
    known = {"plans": PlanForm(formdata=None, plan=found.plan), "form": VisitForm(formdata=None)}
    return {
        "found": found,
        "size": queries.sizes([found.id])[found.id],
        "visits": queries.visits_to(found.id),
        "here": [row for row in queries.open_visits(current_user.id) if row.organization_id == found.id],
        **known,
        **forms,
    }


@bp.post("/organizations/<int:organization_id>/plan")
@operator
def update_plan(organization_id: int) -> Response:
    form = PlanForm()
    if not form.validate():
        return page(_SHOW, status=422, **_shown(organization_id, plans=form))
    commands.set_plan(organization_id, Plan(form.plan.data), by=current_user.id)
    return go(url_for("operating.show_organization", organization_id=organization_id), _("Saved."))


@bp.post("/organizations/<int:organization_id>/visits")
@operator
def create_visit(organization_id: int) -> Response:
    form = VisitForm()
    if not form.validate():
        shown = _shown(organization_id)
        return invalid(form, _SHOW, **{name: value for name, value in shown.items() if name != "form"})
    found = queries.organization_by_id(organization_id)
    begin_visit(organization_id, current_user, form.reason.data or "")
    return go(home_of(found.slug), _("You are here to read, for an hour. The owners are told."))


@bp.post("/organizations/<int:organization_id>/visits/ending")
@operator
def destroy_visit(organization_id: int) -> Response:
    end_visit(organization_id, current_user)
    return go(url_for("operating.show_organization", organization_id=organization_id), _("You have left."))
