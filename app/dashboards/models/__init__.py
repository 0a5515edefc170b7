"""Rows: sources and questions; dashboards and reports."""

from __future__ import annotations

from app.dashboards.models.dashboards import Dashboard, DashboardShare, Permission, Sharing, Widget
from app.dashboards.models.questions import Question
from app.dashboards.models.reports import (
    DeliveryStatus,
    Format,
    Report,
    ReportDelivery,
    ReportRecipient,
    ReportRun,
    RunStatus,
)
from app.dashboards.models.sources import Source, SourceFile, SourceProblem

__all__ = [
    "Dashboard",
    "DashboardShare",
    "DeliveryStatus",
    "Format",
    "Permission",
    "Question",
    "Report",
    "ReportDelivery",
    "ReportRecipient",
    "ReportRun",
    "RunStatus",
    "Sharing",
    "Source",
    "SourceFile",
    "SourceProblem",
    "Widget",
]
