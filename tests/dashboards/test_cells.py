"""What a column holds is guessed as people would, and a cell that does not fit says why."""

from __future__ import annotations

import pytest

from app.dashboards.cells import Cells, Unfit, guess, reader_of


@pytest.mark.parametrize(
    ("values", "kind", "style"),
    [
        (["1", "2.5", "-3"], "number", "point"),
        (["1,5", "2", "1.234,50"], "number", "comma"),
        (["1,234", "5,678.90"], "number", "point"),
        (["€ 1.200,00", "3,50 €"], "number", "comma"),
        (["007", "010"], "text", None),
        (["12345678901234567890"], "text", None),
        (["NaN", "inf"], "text", None),
        (["yes", "No", ""], "boolean", None),
        (["0", "1"], "number", "point"),
        (["03/04/2026", "13/04/2026"], "date", "day"),
        (["03/13/2026", "04/02/2026"], "date", "month"),
        (["2026-01-02", "n/a", ""], "date", "day"),
        (["2026-01-02 10:11", "2026-01-02T10:11:12Z"], "timestamp", "day"),
        (["12/31/2026 1:05 PM"], "timestamp", "month"),
        (["hello", "2"], "text", None),
        (["", " "], "text", None),
        (["1"] * 99 + ["n.v."], "number", "point"),
    ],
)
def test_types_are_guessed(values: list[str], kind: str, style: str | None) -> None:
    found = guess("c0", "x", values)
    assert (found.type, found.format) == (kind, style)


@pytest.mark.parametrize(
    ("kind", "style", "cell", "read"),
    [
        ("number", "point", "1,234.5", "1234.5"),
        ("number", "comma", "1.234,5", "1234.5"),
        ("number", "point", "−3", "-3"),
        ("number", "point", "12 %", "12"),
        ("number", "point", "n/a", ""),
        ("date", "day", "3/4/26", "2026-04-03"),
        ("date", "month", "3/4/26", "2026-03-04"),
        ("timestamp", "day", "2026-07-01 12:00", "2026-07-01 10:00:00"),
        ("timestamp", "day", "2026-01-01 12:00", "2026-01-01 11:00:00"),
        ("timestamp", "day", "2026-07-01T12:00:00+05:30", "2026-07-01 06:30:00"),
        ("timestamp", "day", "1.7.2026 14:30", "2026-07-01 12:30:00"),
        ("timestamp", "month", "7/1/2026 12:15 AM", "2026-06-30 22:15:00"),
        ("timestamp", "day", "2026-03-29 02:30", "2026-03-29 01:30:00"),
        ("boolean", None, "JA", "true"),
        ("text", None, "=1+1", "=1+1"),
        ("text", None, "a\r\nb", "a\nb"),
    ],
)
def test_cells_are_read(kind: str, style: str | None, cell: str, read: str) -> None:
    assert reader_of(Cells("c0", "x", kind, style), "Europe/Berlin")(cell) == read  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "style", "cell"),
    [
        ("number", "point", "1.234,5"),
        ("number", "comma", "1,234.5"),
        ("number", "point", "٣"),
        ("number", "point", "1e999"),
        ("number", "point", "0x10"),
        ("date", "day", "30/02/2026"),
        ("date", "day", "tomorrow"),
        ("timestamp", "day", "2026-01-01 25:00"),
        ("timestamp", "day", "0001-01-01 00:00"),
        ("boolean", None, "maybe"),
        ("text", None, "x" * 10_001),
    ],
)
def test_what_does_not_fit_says_why(kind: str, style: str | None, cell: str) -> None:
    with pytest.raises(Unfit, match=r"\."):
        reader_of(Cells("c0", "x", kind, style), "UTC")(cell)  # type: ignore[arg-type]
