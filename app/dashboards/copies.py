"""One person's copy of a report: the mail with its charts, and the PDF. All of it is what that person may see."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, url_for
from markupsafe import Markup

from app.adapters import files
from app.adapters.press import NotDrawn, press
from app.dashboards.answers import Unanswerable, answer
from app.dashboards.asks import Ask
from app.dashboards.charts import Chart, Kind
from app.dashboards.drawing import Drawing, draw, draw_fixed, picture
from app.dashboards.drawing.shapes import plain
from app.dashboards.models import Dashboard, Format, Report, ReportRun, Widget
from app.dashboards.queries.dashboards import widgets_of
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.mailboxes.commands import MailPart, post_mail
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Member, Organization
from app.web.urls import addresses, outside

#: Rows of a table in a mail and in a PDF.
MAIL_ROWS, PDF_ROWS = 12, 60
#: Bytes of one picture or document at most.
MOST = 8_000_000
_PART = "{}-{}@trestleboard"


@dataclass(frozen=True)
class Sheet:
    """One widget as it stands in a copy: drawn, or with the sentence why not."""

    widget: Widget
    drawing: Drawing | None
    error: str = ""
    #: In the mail: the picture's content id.
    cid: str = ""


@dataclass(frozen=True)
class Copy:
    """All of a dashboard for one member."""

    dashboard: Dashboard
    member: Member
    as_of: datetime
    zone: ZoneInfo
    sheets: list[Sheet]
    late: str = ""
    pictures: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def as_of_said(self) -> str:
        local = self.as_of.astimezone(self.zone)
        return f"{local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def copy_for(report: Report, member: Member, run: ReportRun | None = None, *, themed: bool = False) -> Copy:
    """Ask every widget's question as `member`. What cannot be answered says so in its place.

    `themed`: to be shown in a page, in the reader's colours.
    """
    sheets = [_sheet(widget, member, draw if themed else draw_fixed) for widget in widgets_of(report.dashboard)]
    late = ""
    if run is not None and run.is_late:
        due = run.due_at.astimezone(report.times.tz)
        late = f"This report is late: it was due on {due.day} {due:%B at %H:%M} {due.tzname()}."
        if run.missed:
            late += f" {run.missed} earlier {'one was' if run.missed == 1 else 'ones were'} left out."
    return Copy(report.dashboard, member, now(), report.times.tz, sheets, late)


def post_copy(report: Report, member: Member, run: ReportRun) -> OutgoingMail:
    """Owe a member their copy. Raises Refused when it cannot be made."""
    copy = copy_for(report, member, run)
    sheets, parts = _with_pictures(copy, run.id)
    if report.format is Format.PDF:
        parts.append(_part(f"{_file_name(report.name)}.pdf", "application/pdf", pdf_of(report, copy)))
    organization = db.session.get_one(Organization, current_organization_id())
    with addresses(organization.slug):
        context: dict[str, Any] = {
            "organization": organization,
            "report": report,
            "copy": copy,
            "sheets": sheets,
            "rows": MAIL_ROWS,
            "url": outside(url_for("dashboards.show_dashboard", number=report.dashboard.number)),
            "report_url": outside(url_for("dashboards.show_report", number=report.number)),
        }
        text = render_template("dashboards/reports/mail.txt", **context)
        html = render_template("dashboards/reports/mail.html", **context)
    mail = post_mail(member.email or "", f"{report.name}: {copy.dashboard.name}", text, html, parts=parts)
    for part in parts:  # the mail has files of its own now
        files.delete(part.file)
    return mail


def pdf_of(report: Report, copy: Copy) -> bytes:
    """The copy on A4. People's words are data of the template, never part of it. Raises NotDrawn."""
    template = Path(current_app.root_path).parent / "templates" / "dashboards" / "reports" / "report.typ"
    data = {
        "title": plain(report.name),
        "dashboard": plain(copy.dashboard.name),
        "description": plain(copy.dashboard.description),
        "as_of": copy.as_of_said,
        "words": {
            "as_of": _("as of"),
            "copy_of": _("for"),
            "no_rows": _("No rows match this question."),
            "more": _("more rows are on the page."),
            "no_widgets": _("This dashboard has no widgets yet."),
        },
        "late": copy.late,
        "member": plain(copy.member.name),
        "sheets": [_printed(sheet) for sheet in copy.sheets],
    }
    return press.work("pdf", template=template.read_text(), data=json.dumps(data), at=copy.as_of.isoformat())


def _sheet(widget: Widget, member: Member, drawn: Callable[..., Drawing]) -> Sheet:
    try:
        ask, chart = Ask.from_json(widget.question.ask), Chart.from_json(widget.chart)
        if widget.question.deleted_at is not None:
            raise Unanswerable("The question of this widget was deleted.")
        found = answer(ask, member=member)
        return Sheet(widget, drawn(widget.name, found, ask, chart, 640, 280))
    except (Unanswerable, NotDrawn) as refusal:
        return Sheet(widget, None, str(refusal))
    except Refused as refusal:
        if refusal.status == 503:
            raise  # others are busy; the copy is made again later
        return Sheet(widget, None, str(refusal))


def _with_pictures(copy: Copy, run_id: int) -> tuple[list[Sheet], list[MailPart]]:
    sheets, parts = list[Sheet](), list[MailPart]()
    for sheet in copy.sheets:
        if sheet.drawing is None or sheet.drawing.svg is None:
            sheets.append(sheet)
            continue
        cid = _PART.format(run_id, sheet.widget.id)
        parts.append(_part(f"chart-{sheet.widget.id}.png", "image/png", picture(str(sheet.drawing.svg)), cid))
        sheets.append(Sheet(sheet.widget, sheet.drawing, cid=cid))
    return sheets, parts


def _part(name: str, media_type: str, content: bytes, content_id: str | None = None) -> MailPart:
    stored = files.store(io.BytesIO(content), most=MOST, with_transaction=True)
    return MailPart(name, media_type, stored.name, content_id)


def _file_name(name: str) -> str:
    return files.name_for_people(plain(name)) or "report"


def _printed(sheet: Sheet) -> dict[str, Any]:
    drawing = sheet.drawing
    made: dict[str, Any] = {"title": plain(sheet.widget.name), "error": sheet.error, "kind": "error"}
    if drawing is None:
        return made
    made |= {
        "kind": drawing.chart.kind.value,
        "svg": str(drawing.svg) if isinstance(drawing.svg, Markup) else "",
        "description": plain(drawing.description),
        "columns": [plain(column) for column in drawing.columns],
        "numeric": drawing.numeric,
        "rows": _plain_rows(drawing.rows[:PDF_ROWS]),
        "more": max(0, len(drawing.rows) - PDF_ROWS),
        "notes": drawing.notes,
    }
    if drawing.chart.kind is Kind.METRIC and drawing.metric:
        found = drawing.metric
        made["metric"] = {
            "figure": found.figure,
            "unit": plain(found.unit),
            "period": found.period,
            "trend": f"{found.trend} against {found.against}" if found.trend else "",
        }
    return made


def _plain_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[plain(cell)[:300] for cell in row] for row in rows]
