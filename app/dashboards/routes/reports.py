"""Reports: listed, set up, looked at before they go, sent, paused, deleted, restored."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import islice
from typing import Any

from flask import Response, request, send_file, url_for

from app.dashboards.commands import reports as commands
from app.dashboards.copies import copy_for, pdf_of
from app.dashboards.forms.reports import ReportForm
from app.dashboards.models import Dashboard, Format, Report
from app.dashboards.policies import D
from app.dashboards.queries import reports as queries
from app.dashboards.queries.dashboards import colleagues, dashboard_by_number
from app.dashboards.queries.reports import deleted_report, report_by_number
from app.dashboards.routes import bp
from app.kernel.access import may
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.schedules import slots
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.web.current import current_member, current_organization
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.urls import whole

_OF = "/dashboards/<int:number>/reports"
_ONE = "/reports/<int:number>"


@bp.get("/reports")
@requires(D.VIEW)
def list_reports() -> Response:
    shows("reports")
    after, after_id = request.args.get("after", "")[:120], request.args.get("id", 0, type=whole)
    rows = queries.list_of_reports(current_member, after=after, after_id=after_id)
    found = rows[: queries.LIST]
    return page(
        "dashboards/reports/index.html",
        reports=found,
        more=len(rows) > queries.LIST,
        deleted=() if after_id else queries.deleted_reports(current_member),
        counts=queries.recipient_counts(found),
        last=queries.last_runs(found),
        next={report.id: next(slots(report.times, now())).at for report in found if report.enabled},
    )


@bp.get(f"{_OF}/new")
@requires(D.REPORT, load=dashboard_by_number)
def new_report(dashboard: Dashboard) -> Response:
    form = ReportForm(
        colleagues(),
        formdata=None,
        name=dashboard.name[:100],
        rhythm="week",
        days=["0"],
        time="08:00",
        zone=current_organization.timezone,
        recipients=[current_member.id],
    )
    return page("dashboards/reports/new.html", dashboard=dashboard, form=form)


@bp.post(_OF)
@requires(D.REPORT, load=dashboard_by_number)
def create_report(dashboard: Dashboard) -> Response:
    people = colleagues()
    form = ReportForm(people)
    if not form.validate():
        return invalid(form, "dashboards/reports/new.html", dashboard=dashboard)
    try:
        report = commands.create_report(dashboard, **_chosen(form, people), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "dashboards/reports/new.html", dashboard=dashboard)
    return go(url_for("dashboards.show_report", number=report.number), _("%(name)s is scheduled", name=report.name))


@bp.get(_ONE)
@requires(D.VIEW, load=report_by_number)
def show_report(report: Report) -> Response:
    """When it goes and to whom, and what became of it so far."""
    shows(f"report-{report.id}")
    runs = queries.history_of(report)
    return page(
        "dashboards/reports/show.html",
        report=report,
        recipients=queries.recipients_of(report),
        coming=list(islice(slots(report.times, now()), 3)) if report.enabled else [],
        runs=runs,
        deliveries=queries.deliveries_of(runs),
        may_change=may(current_member, D.REPORT, report),
    )


@bp.get(f"{_ONE}/preview")
@requires(D.VIEW, load=report_by_number)
def preview_report(report: Report) -> Response:
    """The copy that this member would get now, as the page shows it."""
    return page("dashboards/reports/preview.html", report=report, copy=copy_for(report, current_member, themed=True))


@bp.get(f"{_ONE}/preview.pdf")
@requires(D.VIEW, load=report_by_number)
def preview_pdf(report: Report) -> Response:
    """The same on A4."""
    made = pdf_of(report, copy_for(report, current_member))
    return send_file(io.BytesIO(made), mimetype="application/pdf", download_name=f"report-{report.number}.pdf")


@bp.get(f"{_ONE}/edit")
@requires(D.REPORT, load=report_by_number)
def edit_report(report: Report) -> Response:
    form = ReportForm.of(report, colleagues(), queries.recipients_of(report))
    return page("dashboards/reports/edit.html", report=report, form=form)


@bp.post(_ONE)
@requires(D.REPORT, load=report_by_number)
def update_report(report: Report) -> Response:
    people = colleagues()
    form = ReportForm(people)
    if not form.validate():
        return invalid(form, "dashboards/reports/edit.html", report=report)
    try:
        commands.edit_report(report, **_chosen(form, people), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "dashboards/reports/edit.html", report=report)
    return go(url_for("dashboards.show_report", number=report.number), _("Saved"))


@bp.post(f"{_ONE}/runs")
@requires(D.REPORT, load=report_by_number)
def create_run(report: Report) -> Response:
    """Send it now."""
    commands.send_report(report, by=current_member)
    return go(url_for("dashboards.show_report", number=report.number), _("It is on its way"))


@bp.post(f"{_ONE}/pause")
@requires(D.REPORT, load=report_by_number)
def pause_report(report: Report) -> Response:
    commands.pause_report(report, by=current_member)
    return go(url_for("dashboards.show_report", number=report.number), _("Paused"))


@bp.post(f"{_ONE}/resumption")
@requires(D.REPORT, load=report_by_number)
def resume_report(report: Report) -> Response:
    commands.resume_report(report, by=current_member)
    return go(url_for("dashboards.show_report", number=report.number), _("It goes on with the next time"))


@bp.post(f"{_ONE}/deletion")
@requires(D.REPORT, load=report_by_number)
def destroy_report(report: Report) -> Response:
    commands.delete_reports([report], by=current_member)
    return go(url_for("dashboards.list_reports"), _("%(name)s deleted", name=report.name))


@bp.post(f"{_ONE}/restoration")
@requires(D.REPORT, load=deleted_report)
def restore_report(report: Report) -> Response:
    commands.restore_reports([report], by=current_member)
    return go(url_for("dashboards.show_report", number=report.number), _("%(name)s is back", name=report.name))


def _chosen(form: ReportForm, people: Sequence[Member]) -> dict[str, Any]:
    """What a valid form says, as commands take it. Raises Invalid."""
    wanted = set(form.recipients.data or ())
    return {
        "name": form.name.data or "",
        "schedule": form.schedule,
        "recipients": [member for member in people if member.id in wanted],
        "format": Format(form.format.data),
    }
