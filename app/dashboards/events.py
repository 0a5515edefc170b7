"""What happens to sources and questions, and the sentence that a person reads."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

SOURCE_CREATED = Event("source.created", says="{actor} brought in {subject}", bulk=Bulk.SILENT)
SOURCE_EDITED = Event("source.edited", says="{actor} changed what {subject} is called", bulk=Bulk.SILENT)
SOURCE_UPLOADED = Event("source.uploaded", says="{actor} uploaded {file} for {subject}", bulk=Bulk.SILENT)
SOURCE_LOADED = Event(
    "source.loaded", says="{actor} loaded {file} into {subject}: {outcome}", bulk=Bulk.ONE_NOTIFICATION
)
SOURCE_FAILED = Event(
    "source.failed", says="{actor} could not load {file} into {subject}: {outcome}", bulk=Bulk.ONE_NOTIFICATION
)
SOURCE_DELETED = Event("source.deleted", says="{actor} deleted {subject}", bulk=Bulk.ONE_NOTIFICATION)
SOURCE_RESTORED = Event("source.restored", says="{actor} restored {subject}", bulk=Bulk.ONE_NOTIFICATION)

QUESTION_CREATED = Event("question.created", says="{actor} created {subject}", bulk=Bulk.SILENT)
QUESTION_EDITED = Event("question.edited", says="{actor} changed {subject}", bulk=Bulk.ONE_NOTIFICATION)
QUESTION_DELETED = Event("question.deleted", says="{actor} deleted {subject}", bulk=Bulk.ONE_NOTIFICATION)
QUESTION_RESTORED = Event("question.restored", says="{actor} restored {subject}", bulk=Bulk.ONE_NOTIFICATION)

SOURCES = (
    SOURCE_CREATED,
    SOURCE_EDITED,
    SOURCE_UPLOADED,
    SOURCE_LOADED,
    SOURCE_FAILED,
    SOURCE_DELETED,
    SOURCE_RESTORED,
)
QUESTIONS = (QUESTION_CREATED, QUESTION_EDITED, QUESTION_DELETED, QUESTION_RESTORED)

DASHBOARD_CREATED = Event("dashboard.created", says="{actor} created the dashboard {subject}", bulk=Bulk.SILENT)
DASHBOARD_EDITED = Event("dashboard.edited", says="{actor} edited the dashboard {subject}", bulk=Bulk.SILENT)
DASHBOARD_SHARED = Event("dashboard.shared", says="{actor} changed who sees {subject}", bulk=Bulk.SILENT)
DASHBOARD_DELETED = Event(
    "dashboard.deleted", says="{actor} deleted the dashboard {subject}", bulk=Bulk.ONE_NOTIFICATION
)
DASHBOARD_RESTORED = Event(
    "dashboard.restored", says="{actor} restored the dashboard {subject}", bulk=Bulk.ONE_NOTIFICATION
)
#: Widgets stand in the changes as `widgets`: lists of `commands.widgets.State`, old and new.
WIDGETS_MOVED = Event("dashboard.widgets_moved", says="{actor} moved widgets of {subject}", bulk=Bulk.SILENT)
WIDGET_ADDED = Event("dashboard.widget_added", says="{actor} put {name} on {subject}", bulk=Bulk.SILENT)
WIDGET_EDITED = Event("dashboard.widget_edited", says="{actor} changed {name} on {subject}", bulk=Bulk.SILENT)
WIDGET_REMOVED = Event("dashboard.widget_removed", says="{actor} took {name} off {subject}", bulk=Bulk.SILENT)
WIDGETS_UNDONE = Event("dashboard.undone", says="{actor} took back a change to {subject}", bulk=Bulk.SILENT)

DASHBOARDS = (
    DASHBOARD_CREATED,
    DASHBOARD_EDITED,
    DASHBOARD_SHARED,
    DASHBOARD_DELETED,
    DASHBOARD_RESTORED,
    WIDGETS_MOVED,
    WIDGET_ADDED,
    WIDGET_EDITED,
    WIDGET_REMOVED,
    WIDGETS_UNDONE,
)

REPORT_CREATED = Event("report.created", says="{actor} scheduled the report {subject}", bulk=Bulk.SILENT)
REPORT_EDITED = Event("report.edited", says="{actor} changed the report {subject}", bulk=Bulk.SILENT)
REPORT_PAUSED = Event("report.paused", says="{actor} paused the report {subject}", bulk=Bulk.ONE_NOTIFICATION)
REPORT_RESUMED = Event("report.resumed", says="{actor} resumed the report {subject}", bulk=Bulk.ONE_NOTIFICATION)
REPORT_DELETED = Event("report.deleted", says="{actor} deleted the report {subject}", bulk=Bulk.ONE_NOTIFICATION)
REPORT_RESTORED = Event("report.restored", says="{actor} restored the report {subject}", bulk=Bulk.ONE_NOTIFICATION)
#: Whoever set the report up watches it, and so hears of this.
REPORT_FAILED = Event(
    "report.failed", says="{subject} could not be sent: {outcome}", bulk=Bulk.ONE_NOTIFICATION, topic="failed"
)

REPORTS = (
    REPORT_CREATED,
    REPORT_EDITED,
    REPORT_PAUSED,
    REPORT_RESUMED,
    REPORT_DELETED,
    REPORT_RESTORED,
    REPORT_FAILED,
)
