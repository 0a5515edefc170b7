"""Drawing: from an answer and its chart to what a page, a mail or a PDF shows."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field

from markupsafe import Markup
from redis import RedisError

from app.adapters.press import press
from app.dashboards.answers import Answer, Ask
from app.dashboards.charts import Chart, Good, Kind
from app.dashboards.drawing.shapes import Shape, figure, said, shape_of
from app.dashboards.drawing.specs import spec_of
from app.dashboards.drawing.svg import fixed, themed
from app.kernel.database import current_organization_id
from app.kernel.jobs import redis

#: Rows of an answer that a page or a report lists.
ROWS_MOST = 200
#: Seconds a drawing is kept; it is known by all that it shows, so it cannot be stale.
KEPT = 600
#: Pixels that a picture may have.
WIDTHS, HEIGHTS = (200, 1600), (100, 900)


@dataclass(frozen=True)
class Metric:
    """One figure, what became of it since the period before, and the way there as points of an SVG path."""

    figure: str
    unit: str
    label: str
    period: str = ""
    trend: str = ""
    against: str = ""
    #: "ok", "danger-text" or nothing: which way is good was said, or not.
    tone: str = ""
    spark: str = ""
    spark_end: str = ""


@dataclass(frozen=True)
class Drawing:
    """What is shown of an answer. `svg` is of bars and lines, `metric` of a figure; every one has its table."""

    title: str
    chart: Chart
    columns: list[str]
    numeric: list[bool]
    rows: list[list[str]]
    description: str
    svg: Markup | None = None
    metric: Metric | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.rows


def draw(title: str, answer: Answer, ask: Ask, chart: Chart, width: int = 560, height: int = 240) -> Drawing:
    """For a page, in the reader's theme. Raises NotDrawn with a sentence when a chart cannot be drawn."""
    return _drawn(title, answer, ask, chart, width, height, fixed_colours=False)


def draw_fixed(title: str, answer: Answer, ask: Ask, chart: Chart, width: int = 640, height: int = 280) -> Drawing:
    """For mail and PDF: the same in fixed colours on white."""
    return _drawn(title, answer, ask, chart, width, height, fixed_colours=True)


def picture(svg: str) -> bytes:
    """An SVG of `draw_fixed` as PNG, for mail programs, twice as fine as it is large."""
    return press.work("png", svg=svg, scale=2)


def _drawn(
    title: str, answer: Answer, ask: Ask, chart: Chart, width: int, height: int, *, fixed_colours: bool
) -> Drawing:
    shape = shape_of(answer, ask)
    notes = [note for note in (shape.left_out if chart.kind in (Kind.BAR, Kind.LINE) else "", _limits(answer)) if note]
    svg = None
    if chart.kind in (Kind.BAR, Kind.LINE) and not shape.is_empty:
        made = _svg(spec_of(shape, chart, _within(width, WIDTHS), _within(height, HEIGHTS)))
        svg = Markup(fixed(made) if fixed_colours else themed(made))  # noqa: S704 - cleaned by a list of what may stand
    shown = answer.rows[:ROWS_MOST]
    return Drawing(
        title=title,
        chart=chart,
        columns=[column.label for column in answer.columns],
        numeric=[column.type == "number" for column in answer.columns],
        rows=[[said(cell, column) for cell, column in zip(row, answer.columns, strict=True)] for row in shown],
        description=describe(title, shape, chart),
        svg=svg,
        metric=metric_of(shape, chart) if chart.kind is Kind.METRIC else None,
        notes=notes,
    )


def describe(title: str, shape: Shape, chart: Chart) -> str:
    """A chart in a sentence, for those who do not see it."""
    points = [
        (value, place, series.name)
        for series in shape.series
        for place, value in zip(shape.places, series.values, strict=True)
        if value is not None
    ]
    if not points or chart.kind is Kind.TABLE:
        return title
    if len(points) == 1:
        return f"{title}: {figure(points[0][0])}"
    most, least = max(points, key=lambda point: point[0]), min(points, key=lambda point: point[0])
    several = len(shape.series) > 1
    where = [f"{place}, {name}" if several and place else place or name for _, place, name in (most, least)]
    kind = {Kind.BAR: "Bars", Kind.LINE: "Lines", Kind.METRIC: "A figure"}.get(chart.kind, "")
    return (
        f"{kind}: {title}. {len(shape.places):,} by {len(shape.series)}; "
        f"most {figure(most[0])} at {where[0]}, least {figure(least[0])} at {where[1]}."
    )


def metric_of(shape: Shape, chart: Chart) -> Metric | None:
    """The latest value of the first series, against the one before."""
    if not shape.series:
        return None
    values = shape.series[0].values
    known = [(place, value) for place, value in zip(shape.places, values, strict=True) if value is not None]
    if not known:
        return None
    place, last = known[-1]
    if len(known) == 1:
        return Metric(_rounded(last), chart.unit, shape.series[0].name, period=place)
    before_place, before = known[-2]
    change = last - before
    spark, end = _spark([value for _, value in known][-60:])
    return Metric(
        figure=_rounded(last),
        unit=chart.unit,
        label=shape.series[0].name,
        period=place,
        trend=_trend(change, before),
        against=before_place,
        tone=_tone(change, chart.good),
        spark=spark,
        spark_end=end,
    )


def _rounded(value: float) -> str:
    """A figure to be read at a glance: no cents of what has thousands."""
    return figure(round(value)) if abs(value) >= 1000 else figure(round(value, 2))


def _trend(change: float, before: float) -> str:
    if not change:
        return "No change"
    arrow = "↑" if change > 0 else "↓"
    return f"{arrow} {abs(change / before):.0%}" if before else f"{arrow} {figure(abs(change))}"


def _tone(change: float, good: Good) -> str:
    if not change or good is Good.NEITHER:
        return ""
    return "ok" if (change > 0) == (good is Good.UP) else "danger-text"


def _spark(values: list[float]) -> tuple[str, str]:
    """A line through 80 by 28, from left to right, and the point where it ends."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    points = [
        (round(index * 80 / (len(values) - 1), 1), round(25 - (value - low) / span * 22, 1))
        for index, value in enumerate(values)
    ]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    return path, f"M{points[-1][0]:g} {points[-1][1]:g}h0"


def _limits(answer: Answer) -> str:
    if answer.partial:
        return "The table was too large to be read whole, so this counts only a part of it."
    if answer.truncated:
        return f"Only the first {len(answer.rows):,} rows are shown."
    return ""


def _svg(spec: dict[str, object]) -> bytes:
    """Drawn once for all who see the same: known by its content, so nothing can be read by asking for it."""
    content = json.dumps(spec, sort_keys=True).encode()
    key = f"drawing:{current_organization_id()}:{hashlib.sha256(content).hexdigest()}"
    with suppress(RedisError):
        if kept := redis().get(key):
            return bytes(kept)  # type: ignore[arg-type]
    made = press.work("svg", spec=spec)
    with suppress(RedisError):
        redis().set(key, made, ex=KEPT)
    return made


def _within(wanted: int, limits: tuple[int, int]) -> int:
    return max(limits[0], min(limits[1], wanted))


__all__ = ["Drawing", "Metric", "Shape", "draw", "draw_fixed", "picture", "shape_of"]
