"""Our Vega-Lite: bars and lines, from shapes. Data stand inline; nothing of them becomes an expression or an address.

Colours are stand-ins that `svg` turns into classes, which follow the reader's theme, or into fixed colours for mail.
"""

from __future__ import annotations

from typing import Any

from app.dashboards.charts import Chart, Kind
from app.dashboards.drawing.shapes import Shape

SERIES = tuple(f"#c0ffe{number}" for number in range(1, 7))
TEXT, MUTED, GRID, AXIS = "#c0ffea", "#c0ffeb", "#c0ffec", "#c0ffed"
_DASHES = ([1, 0], [6, 4], [2, 3], [10, 4], [6, 3, 2, 3], [3, 6])
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": "Liberation Sans",
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "gridColor": GRID,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "ticks": False,
    },
    "legend": {
        "labelColor": TEXT,
        "labelFontSize": 11,
        "labelLimit": 140,
        "orient": "top",
        "title": None,
        "offset": 8,
        "symbolType": "square",
        "symbolSize": 80,
        "columns": 3,
    },
}


def spec_of(shape: Shape, chart: Chart, width: int, height: int) -> dict[str, Any]:
    """The whole specification; width and height in pixels are those of the picture."""
    names = [series.name for series in shape.series]
    rows = [
        {"x": place, "s": series.name, "v": value, "o": order}
        for order, series in enumerate(shape.series)
        for place, value in zip(shape.places, series.values, strict=True)
    ]
    many = len(names) > 1
    lines = chart.kind is Kind.LINE
    sideways = chart.sideways and not lines
    place: dict[str, Any] = {
        "field": "x",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {
            "labelAngle": 0,
            "labelOverlap": True,
            "labelSeparation": 8,
            "labelLimit": 120 if sideways else 90,
            "grid": False,
        },
    }
    value: dict[str, Any] = {
        "field": "v",
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 4 if sideways else 5, "domain": False, "format": "~s" if _is_large(shape) else ",~r"},
    }
    encoding: dict[str, Any] = {"y" if sideways else "x": place, "x" if sideways else "y": value}
    colours = {"domain": names, "range": list(SERIES[: len(names)])}
    encoding["color"] = {"field": "s", "type": "nominal", "sort": None, "scale": colours}
    if not many:
        encoding["color"]["legend"] = None
    if lines:
        mark: dict[str, Any] = {"type": "line", "strokeWidth": 1.75, "interpolate": "linear", "point": _points(shape)}
        encoding["strokeDash"] = {
            "field": "s",
            "type": "nominal",
            "sort": None,
            "scale": {"domain": names, "range": [list(dash) for dash in _DASHES[: len(names)]]},
            "legend": encoding["color"].get("legend", {"symbolType": "stroke", "symbolSize": 200}),
        }
        if many:
            encoding["color"]["legend"] = {"symbolType": "stroke", "symbolSize": 200}
    else:
        mark = {"type": "bar", "cornerRadiusEnd": 2}
        if many and chart.stacked:
            value["stack"] = "zero"
            encoding["order"] = {"field": "o"}
        elif many:
            value["stack"] = None
            encoding["yOffset" if sideways else "xOffset"] = {"field": "s", "type": "nominal", "sort": None,
                                                               "scale": {"domain": names}}  # fmt: skip
        place["scale"] = {"paddingInner": 0.3, "paddingOuter": 0.15}
    return {
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 2,
        "data": {"values": rows},
        "mark": mark,
        "encoding": encoding,
        "config": _CONFIG,
    }


def _points(shape: Shape) -> Any:
    """Few points are shown as such, and so is one that has no neighbour to draw a line to."""
    few = len(shape.places) <= 2 or any(None in series.values for series in shape.series)
    return {"size": 24, "filled": True} if few else False


def _is_large(shape: Shape) -> bool:
    return any(abs(value or 0) >= 100_000 for series in shape.series for value in series.values)
