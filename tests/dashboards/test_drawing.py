"""Drawing: charts as our own SVG, in which data are only ever text; and the process that draws, with its limits."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from app.adapters.press import NotDrawn, Press, press
from app.dashboards.answers import Aggregate, Answer, Ask, Bucket, Column, Dimension, Measure
from app.dashboards.charts import Chart, Good, Kind, suggested
from app.dashboards.drawing import draw, draw_fixed, picture
from app.dashboards.drawing.shapes import figure, shape_of
from app.dashboards.drawing.svg import themed
from app.kernel.errors import Invalid
from app.kernel.tenancy import enter
from tests.world import World

HOSTILE = (
    "<script>alert(1)</script>",
    "</svg><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}${datum}",
    "datum.x + event",
    "\u202eevil\u0007\ufffe",
    "شحن 🎉 מכולה",
    "x" * 500,
    "\"'&\\",
)
_PLACE, _SERIES = Column("d0", "Topic", "text"), Column("d1", "Channel", "text")
_FIGURE = Column("m0", "Tickets", "number", None, True)
_AT = datetime(2026, 5, 4, tzinfo=UTC)


def _answer(columns: tuple[Column, ...], *rows: tuple[Any, ...]) -> Answer:
    return Answer(columns, rows, False, 0.1, _AT)


def _ask(*columns: str, aggregate: Aggregate = Aggregate.COUNT, bucket: Bucket | None = None) -> Ask:
    measure = Measure(aggregate, None if aggregate is Aggregate.COUNT else "Score")
    return Ask(source=1, measures=(measure,), dimensions=tuple(Dimension(column, bucket) for column in columns))


@pytest.fixture
def acme(world: World) -> World:
    enter(world.organization_id)
    return world


@pytest.mark.parametrize("kind", [Kind.BAR, Kind.LINE])
@pytest.mark.parametrize("place", [0, 1])
def test_hostile_words_are_only_text(acme: World, kind: Kind, place: int) -> None:
    columns = (_PLACE, _SERIES, _FIGURE)
    rows = [(word, "a", 3) if place == 0 else ("a", word, 3) for word in HOSTILE]
    drawing = draw("Topics", _answer(columns, *rows), _ask("Topic", "Channel"), Chart(kind))
    assert drawing.svg
    root = ElementTree.fromstring(str(drawing.svg))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "path", "rect", "line", "text", "tspan", "circle"}
    for element in root.iter():
        assert not {"style", "id", "href", "clip-path"} & element.attrib.keys()
        assert not any(name.startswith("on") for name in element.attrib)
    written = "".join(root.itertext())
    assert "49" not in written
    assert "\u202e" not in written


def test_colours_follow_the_theme_in_pages_and_are_fixed_in_mail(acme: World) -> None:
    answer, ask = _answer((_PLACE, _FIGURE), ("Invoice", 3), ("Delay", 5)), _ask("Topic")
    shown, sent = draw("Topics", answer, ask, Chart(Kind.BAR)), draw_fixed("Topics", answer, ask, Chart(Kind.BAR))
    assert 'class="fill-1"' in str(shown.svg)
    assert "#" not in str(shown.svg).replace("http://www.w3.org", "")
    assert "#2b55b9" in str(sent.svg)
    assert picture(str(sent.svg)).startswith(b"\x89PNG")


def test_what_stands_outside_the_list_is_taken_out() -> None:
    drawn = (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><g style="fill:red">'
        b'<a href="javascript:alert(1)"><text>in</text></a><image href="http://evil.test/x.png"/>'
        b'<rect fill="url(http://evil.test/)" id="x"/><text>kept</text></g>'
        b"<foreignObject><p>no</p></foreignObject></svg>"
    )
    text = themed(drawn)
    assert "kept" in text
    for gone in ("script", "onload", "style", "href", "evil", "foreignObject", " id="):
        assert gone not in text, gone


def test_entities_are_refused() -> None:
    with pytest.raises(NotDrawn):
        themed(b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>')


def test_more_than_six_series_become_other_where_they_add_up() -> None:
    rows = [("May", f"C{number}", number) for number in range(1, 10)]
    shape = shape_of(_answer((_PLACE, _SERIES, _FIGURE), *rows), _ask("Topic", "Channel"))
    assert [series.name for series in shape.series] == ["C5", "C6", "C7", "C8", "C9", "Other"]
    assert shape.series[-1].values == (10.0,)
    averaged = shape_of(
        _answer((_PLACE, _SERIES, _FIGURE), *rows), _ask("Topic", "Channel", aggregate=Aggregate.AVERAGE)
    )
    assert "Other" not in [series.name for series in averaged.series]
    assert averaged.left_out == "3 more are only in the data."


def test_periods_without_rows_are_there_and_count_nothing() -> None:
    months = (Column("d0", "Month", "date", Bucket.MONTH), _FIGURE)
    answer = _answer(months, (date(2026, 1, 1), 4), (date(2026, 4, 1), 2))
    shape = shape_of(answer, _ask("Month", bucket=Bucket.MONTH))
    assert shape.places == ("Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026")
    assert shape.series[0].values == (4.0, 0.0, 0.0, 2.0)
    averages = shape_of(answer, _ask("Month", bucket=Bucket.MONTH, aggregate=Aggregate.AVERAGE))
    assert averages.series[0].values == (4.0, None, None, 2.0), "nothing is no score of zero"


def test_a_figure_says_what_became_of_it(acme: World) -> None:
    months = (Column("d0", "Month", "date", Bucket.MONTH), _FIGURE)
    answer = _answer(months, (date(2026, 1, 1), 200), (date(2026, 2, 1), 150))
    drawing = draw("Tickets", answer, _ask("Month", bucket=Bucket.MONTH), Chart(Kind.METRIC, good=Good.DOWN))
    assert drawing.metric
    assert (drawing.metric.figure, drawing.metric.trend, drawing.metric.tone) == ("150", "↓ 25%", "ok")
    assert drawing.metric.against == "Jan 2026"


def test_an_empty_answer_is_drawn_as_nothing(acme: World) -> None:
    for kind in Kind:
        drawing = draw("Topics", _answer((_PLACE, _FIGURE)), _ask("Topic"), Chart(kind))
        assert drawing.is_empty
        assert drawing.svg is None
        assert drawing.metric is None


@pytest.mark.parametrize(
    ("value", "text"), [(1204, "1,204"), (-3.256, "−3.26"), (0.00123, "0.00123"), (2.0, "2"), (1e6, "1,000,000")]
)
def test_numbers_are_written_for_people(value: float, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize(
    "value",
    [{"kind": "pie"}, {"kind": "bar", "unit": "x" * 13}, {"stacked": 1}, {"extra": 1}, {"unit": "a\n"}, [], None],
)
def test_chart_settings_have_one_schema(value: object) -> None:
    with pytest.raises(Invalid):
        Chart.from_json(value)


def test_settings_are_read_as_they_were_written() -> None:
    chart = Chart(Kind.BAR, stacked=True, unit="€", good=Good.UP)
    assert Chart.from_json(chart.as_json()) == chart
    assert suggested(Ask(source=1)).kind is Kind.METRIC


def test_the_press_fetches_nothing(app: Flask) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"a,b\nx,1\n")

        def log_message(self, *rest: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        spec: dict[str, Any] = {
            "data": {"url": f"http://127.0.0.1:{server.server_port}/rows.csv"},
            "mark": "bar",
            "encoding": {"x": {"field": "a", "type": "nominal"}},
        }
        with pytest.raises(NotDrawn):
            press.work("svg", spec=spec)
        with pytest.raises(NotDrawn):
            press.work("svg", spec={**spec, "data": {"url": "file:///etc/passwd"}})
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_a_template_reads_no_file(app: Flask) -> None:
    for template in ('#read("/etc/passwd")', '#read("../../../../../etc/passwd")'):
        with pytest.raises(NotDrawn):
            press.work("pdf", template=template, data="{}", at=_AT.isoformat())


def test_what_is_too_much_is_stopped_and_the_next_is_drawn(app: Flask) -> None:
    own = Press()
    endless = {"data": {"sequence": {"start": 0, "stop": 10**10}}, "mark": "point", "encoding": {}}
    try:
        with pytest.raises(NotDrawn):
            own.work("svg", patience=60.0, spec=endless)
        small = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}}
        assert own.work("svg", spec=small).startswith(b"<svg")
    finally:
        own.close()


def test_what_takes_too_long_is_stopped(app: Flask) -> None:
    own = Press()
    try:
        with pytest.raises(NotDrawn, match="too long"):
            own.work("svg", patience=0.0, spec={"data": {"values": []}, "mark": "point", "encoding": {}})
    finally:
        own.close()


def test_a_press_that_went_home_comes_back(app: Flask) -> None:
    own = Press(idle=0.05)
    small = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}}
    try:
        own.work("svg", spec=small)
        first = own._child
        assert first is not None
        first.wait(timeout=60)
        assert own.work("svg", spec=small).startswith(b"<svg")
    finally:
        own.close()
