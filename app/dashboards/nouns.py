"""How this room's nouns show themselves to those who list them, tell their history or link to them."""

from __future__ import annotations

from flask import url_for

from app.dashboards import policies
from app.dashboards.models import Dashboard, Question, Report, Source
from app.kernel.events import Field, Noun

source = Noun(
    name="source",
    model=Source,
    icon="table",
    title=lambda source: source.name,
    url=lambda source: url_for("dashboards.show_source", number=source.number),
    visible=policies.sources_visible_to,
    audience=lambda source: ["source:view"],
    text=lambda source: [source.description],
    topics=lambda source: ["sources", f"source-{source.id}"],
    fields={"name": Field("name"), "description": Field("description")},
)

question = Noun(
    name="question",
    model=Question,
    icon="chart",
    title=lambda question: question.name,
    url=lambda question: url_for("dashboards.show_question", number=question.number),
    visible=policies.questions_visible_to,
    audience=lambda question: ["question:view"],
    text=lambda question: [question.description],
    topics=lambda question: ["questions", f"question-{question.id}"],
    fields={
        "name": Field("name"),
        "description": Field("description"),
        "ask": Field("what is asked", silent=True),
        "chart": Field("how it is drawn", silent=True),
    },
)

dashboard = Noun(
    name="dashboard",
    model=Dashboard,
    icon="dashboard",
    title=lambda dashboard: dashboard.name,
    url=lambda dashboard: url_for("dashboards.show_dashboard", number=dashboard.number),
    visible=policies.dashboards_visible_to,
    audience=lambda dashboard: ["dashboard:view"],
    text=lambda dashboard: [dashboard.description],
    topics=lambda dashboard: ["dashboards", f"dashboard-{dashboard.id}"],
    fields={
        "name": Field("name"),
        "description": Field("description"),
        "sharing": Field("who sees it"),
        "widgets": Field("widgets", silent=True),
    },
)

report = Noun(
    name="report",
    model=Report,
    icon="mail",
    title=lambda report: report.name,
    url=lambda report: url_for("dashboards.show_report", number=report.number),
    visible=policies.reports_visible_to,
    audience=lambda report: ["dashboard:view"],
    text=lambda report: [],
    topics=lambda report: ["reports", f"report-{report.id}"],
    fields={
        "name": Field("name"),
        "schedule": Field("when it is sent", silent=True),
        "format": Field("format"),
    },
)
