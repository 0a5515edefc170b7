"""The demo's tables and what is asked of them: sales by month, how content customers were, issues and tickets."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.dashboards.answers import Aggregate, Ask, Bucket, Dimension, Filter, Measure, Operator, Sort
from app.dashboards.cells import Cells
from app.dashboards.charts import Chart, Kind
from app.dashboards.commands.questions import create_question
from app.dashboards.commands.sources import create_source, load_file
from app.dashboards.jobs import load_at_once
from app.dashboards.models import Question, Source
from app.organizations.models import Member

_REGIONS = {"North": 1.0, "South": 0.8, "West": 1.25, "East": 0.6, "Overseas": 0.45}
_PRODUCTS = {"Full container": 2150.0, "Part load": 480.0, "Cold chain": 3100.0, "Express": 890.0, "Storage": 210.0}
_CHANNELS = ("mail", "portal", "phone")
_TOPICS = ("delay", "invoice", "damage", "tracking", "booking", "customs")
_SAID = {
    1: ("Nobody called back.", "Third time this month.", "=1+1 is more than you delivered"),
    2: ("Slow, and no news in between.", "The invoice was wrong again."),
    3: ("Fine in the end.", ""),
    4: ("Quick and friendly.", "", "Good, but the portal is confusing."),
    5: ("Solved in ten minutes!", "Danke, Anna 🙌", "תודה רבה", ""),
}


def tell_of_tables(members: Mapping[str, Member], now: datetime) -> list[Question]:
    """Two sources and what is asked of them; made by the analyst's day-to-day: brought in, then asked."""
    by = members["alice"]
    sales = _bring("Sales", "Booked revenue by month, region and product. From the ledger.", _sales(now), by)
    content = _bring("Satisfaction", "Answers to the survey after a ticket is closed.", _answers(now), by)
    return [
        create_question(name, ask, description=about, chart=chart.as_json(), by=by)
        for name, about, ask, chart in (*_of_tables(sales, content), *_of_work())
    ]


def _of_tables(sales: Source, content: Source) -> Sequence[tuple[str, str, Ask, Chart]]:
    revenue = (Measure(Aggregate.SUM, "Revenue"),)
    month = (Dimension("Month", Bucket.MONTH),)
    return (
        ("Revenue by month", "", Ask(source=sales.id, measures=revenue, dimensions=month), Chart(Kind.LINE, unit="€")),
        (
            "Revenue by region",
            "The last twelve months.",
            Ask(
                source=sales.id,
                measures=revenue,
                dimensions=(Dimension("Region"),),
                filters=(Filter("Month", Operator.LAST_DAYS, ("365",)),),
            ),
            Chart(Kind.BAR, sideways=True, unit="€"),
        ),
        (
            "Products by month",
            "",
            Ask(source=sales.id, measures=revenue, dimensions=(*month, Dimension("Product")), limit=500),
            Chart(Kind.BAR, stacked=True, unit="€"),
        ),
        (
            "How content customers were",
            "Average of the score, 1 to 5.",
            Ask(
                source=content.id,
                measures=(Measure(Aggregate.AVERAGE, "Score"), Measure(Aggregate.COUNT)),
                dimensions=(Dimension("Answered", Bucket.WEEK),),
            ),
            Chart(Kind.LINE),
        ),
        (
            "What customers complain about",
            "Scores of 1 and 2, by topic.",
            Ask(
                source=content.id,
                dimensions=(Dimension("Topic"),),
                filters=(Filter("Score", Operator.AT_MOST, ("2",)),),
                sort=Sort(1, descending=True),
            ),
            Chart(Kind.BAR),
        ),
    )


def _of_work() -> Sequence[tuple[str, str, Ask, Chart]]:
    return (
        (
            "Issues created each week",
            "",
            Ask(dataset="issues", dimensions=(Dimension("created", Bucket.WEEK),)),
            Chart(Kind.LINE),
        ),
        (
            "Open issues by state",
            "",
            Ask(
                dataset="issues",
                dimensions=(Dimension("state"),),
                filters=(Filter("is_completed", Operator.IS, ("no",)),),
            ),
            Chart(Kind.BAR),
        ),
        (
            "Days to complete an issue",
            "The median, by project.",
            Ask(
                dataset="issues",
                measures=(Measure(Aggregate.MEDIAN, "days_to_complete"), Measure(Aggregate.COUNT, "completed")),
                dimensions=(Dimension("project"),),
            ),
            Chart(Kind.TABLE),
        ),
        (
            "Tickets by queue and status",
            "",
            Ask(dataset="tickets", dimensions=(Dimension("queue"), Dimension("status"))),
            Chart(Kind.BAR, stacked=True),
        ),
        ("Tickets", "All that ever came in.", Ask(dataset="tickets"), Chart(Kind.METRIC)),
    )


def _bring(name: str, about: str, text: str, by: Member) -> Source:
    upload = create_source(name, io.BytesIO(text.encode()), f"{name.lower()}.csv", by=by)
    upload.source.description = about
    load_file(upload, [Cells.from_json(column) for column in upload.columns], "Europe/Berlin", by=by)
    load_at_once(upload)
    return upload.source


def _sales(now: datetime) -> str:
    """Two years of months: a season, slow growth, and a bad spring overseas."""
    chance = random.Random(1907)  # noqa: S311 - a story, no secret
    rows: list[Sequence[object]] = [("Month", "Region", "Product", "Orders", "Revenue")]
    for back in range(24, 0, -1):
        month = _months_before(now.date(), back)
        season = 1 + 0.18 * (1 if month.month in (9, 10, 11) else -0.6 if month.month in (1, 2) else 0)
        for region, size in _REGIONS.items():
            for product, price in _PRODUCTS.items():
                slump = 0.55 if region == "Overseas" and month.month in (3, 4, 5) and back < 12 else 1.0
                orders = round(
                    40 * size * season * slump * (1 + 0.012 * (24 - back)) * chance.uniform(0.75, 1.25) * 480 / price
                )
                revenue = orders * price * chance.uniform(0.94, 1.08)
                rows.append((month.isoformat(), region, product, max(orders, 1), f"{revenue:.2f}"))
    return _csv(rows)


def _answers(now: datetime) -> str:
    """Half a year of answers, some of them without a score that can be read."""
    chance = random.Random(1908)  # noqa: S311
    rows: list[Sequence[object]] = [("Answered", "Channel", "Topic", "Score", "Comment")]
    for place in range(900):
        at = now - timedelta(days=180 * (1 - place / 900), minutes=chance.randrange(600))
        score = chance.choices((1, 2, 3, 4, 5), (6, 9, 17, 38, 30 + place / 40))[0]
        shown = "n.v." if place in (137, 611) else score
        topic = chance.choice(_TOPICS[:3] if score < 3 else _TOPICS)
        comment = chance.choice(_SAID[score])
        rows.append((f"{at:%d.%m.%Y %H:%M}", chance.choice(_CHANNELS), topic, shown, comment))
    return _csv(rows)


def _months_before(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _csv(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
