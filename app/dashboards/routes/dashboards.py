"""Dashboards: listed, shown, named, shared, deleted, restored."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.dashboards.answers import topics_of
from app.dashboards.asks import Ask
from app.dashboards.commands import dashboards as commands
from app.dashboards.forms.dashboards import DashboardForm, ShareForm
from app.dashboards.models import Dashboard, Permission, Sharing
from app.dashboards.policies import D
from app.dashboards.queries import dashboards as queries
from app.dashboards.queries.dashboards import dashboard_by_number, deleted_dashboard
from app.dashboards.queries.reports import reports_of
from app.dashboards.routes import bp
from app.kernel.access import may
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.search.commands.visits import note_visit
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.urls import whole

_ONE = "/dashboards/<int:number>"


@bp.get("/dashboards")
@requires(D.VIEW)
def list_dashboards() -> Response:
    shows("dashboards")
    after, after_id = request.args.get("after", "")[:120], request.args.get("id", 0, type=whole)
    found = queries.list_of_dashboards(current_member, after=after, after_id=after_id)
    shown = found[: queries.LIST]
    return page(
        "dashboards/dashboards/index.html",
        dashboards=shown,
        counts=queries.widget_counts(shown),
        more=len(found) > queries.LIST,
        deleted=() if after_id else queries.deleted_dashboards(current_member),
    )


@bp.get("/dashboards/new")
@requires(D.CREATE)
def new_dashboard() -> Response:
    return page(_form("new"), form=DashboardForm(formdata=None))


@bp.post("/dashboards")
@requires(D.CREATE)
def create_dashboard() -> Response:
    form = DashboardForm()
    if not form.validate():
        return invalid(form, _form("new"))
    try:
        dashboard = commands.create_dashboard(
            form.name.data or "",
            description=form.description.data or "",
            sharing=Sharing(form.sharing.data),
            by=current_member,
        )
    except Invalid as error:
        return invalid(form.blame(error), _form("new"))
    return go(url_for("dashboards.show_dashboard", number=dashboard.number, edit=""))


@bp.get(_ONE)
@requires(D.VIEW, load=dashboard_by_number)
def show_dashboard(dashboard: Dashboard) -> Response:
    """The grid; each widget loads by itself. With `edit` widgets can be moved, with `part` the grid alone."""
    context = grid_of(dashboard, editing="edit" in request.args)
    shows(f"dashboard-{dashboard.id}", *context["topics"])
    if "part" in request.args:
        return page("dashboards/dashboards/_grid.html", **context)
    note_visit(dashboard, by=current_member)
    return page("dashboards/dashboards/show.html", reports=reports_of(dashboard), as_of=now(), **context)


def grid_of(dashboard: Dashboard, *, editing: bool) -> dict[str, Any]:
    """What the grid is drawn from: its widgets, what each follows, and whether the member may change them."""
    widgets = queries.widgets_of(dashboard)
    asks = {widget.id: Ask.from_json(widget.question.ask) for widget in widgets}
    return {
        "dashboard": dashboard,
        "widgets": widgets,
        "follows": {key: " ".join(topics_of([ask])) for key, ask in asks.items()},
        "topics": topics_of(list(asks.values())),
        "own_rows": any(ask.dataset for ask in asks.values()),
        "editing": editing and may(current_member, D.EDIT, dashboard),
    }


@bp.get(f"{_ONE}/settings")
@requires(D.MANAGE, load=dashboard_by_number)
def edit_dashboard(dashboard: Dashboard) -> Response:
    form = DashboardForm(
        formdata=None, name=dashboard.name, description=dashboard.description, sharing=dashboard.sharing.value
    )
    return page("dashboards/dashboards/settings.html", **_settings(dashboard, form))


@bp.post(_ONE)
@requires(D.MANAGE, load=dashboard_by_number)
def update_dashboard(dashboard: Dashboard) -> Response:
    form = DashboardForm()
    if not form.validate():
        return invalid(form, "dashboards/dashboards/settings.html", **_without_form(dashboard))
    commands.edit_dashboard(
        dashboard,
        name=form.name.data or "",
        description=form.description.data or "",
        sharing=Sharing(form.sharing.data),
        by=current_member,
    )
    return go(url_for("dashboards.show_dashboard", number=dashboard.number), _("Saved"))


@bp.post(f"{_ONE}/shares")
@requires(D.MANAGE, load=dashboard_by_number)
def update_shares(dashboard: Dashboard) -> Response:
    """Open it to people, change what they may do, or close it to them."""
    form = ShareForm()
    if not form.validate():
        raise Invalid(_("Choose whom to share it with, and what they may do."), "ids")
    people = queries.colleagues(form.ids.data)
    if form.permission.data:
        if len(people) != len(form.ids.data):
            raise Invalid(_("A dashboard is shared with people who work here."), "ids")
        commands.share_dashboard(dashboard, people, Permission(form.permission.data), by=current_member)
    else:
        gone = [share.member for share in dashboard.shares if share.member_id in form.ids.data]
        commands.unshare_dashboard(dashboard, gone, by=current_member)
    return go(url_for("dashboards.edit_dashboard", number=dashboard.number), _("Saved"))


@bp.post(f"{_ONE}/deletion")
@requires(D.MANAGE, load=dashboard_by_number)
def destroy_dashboard(dashboard: Dashboard) -> Response:
    commands.delete_dashboards([dashboard], by=current_member)
    return go(
        url_for("dashboards.list_dashboards"),
        _("%(name)s deleted. It can be restored from this list.", name=dashboard.name),
    )


@bp.post(f"{_ONE}/restoration")
@requires(D.MANAGE, load=deleted_dashboard)
def restore_dashboard(dashboard: Dashboard) -> Response:
    commands.restore_dashboards([dashboard], by=current_member)
    return go(url_for("dashboards.show_dashboard", number=dashboard.number), _("%(name)s is back", name=dashboard.name))


def _form(name: str) -> str:
    return f"dashboards/dashboards/{name}_dialog.html" if wants_part() else f"dashboards/dashboards/{name}.html"


def _without_form(dashboard: Dashboard) -> dict[str, Any]:
    shared = {share.member_id for share in dashboard.shares}
    people = [one for one in queries.colleagues() if one.id not in shared and one.id != dashboard.owner_id]
    return {"dashboard": dashboard, "people": people}


def _settings(dashboard: Dashboard, form: DashboardForm) -> dict[str, Any]:
    return {"form": form, **_without_form(dashboard)}
