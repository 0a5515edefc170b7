"""A first look at a CSV file: its header, its first rows, and what its columns seem to hold."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from app.adapters.tables.reading import delimiter_of, encoding_of, header_of, records
from app.dashboards.cells import Cells, guess
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: Rows that are looked at, and shown.
LOOKED_AT, SHOWN = 2000, 5
_CELL_SHOWN = 160


@dataclass(frozen=True)
class Survey:
    """What the page about columns shows of a file."""

    encoding: str
    delimiter: str
    columns: list[Cells]
    #: The first rows, their cells shortened.
    sample: list[list[str]]


def look_over(file: BinaryIO, known: list[Cells]) -> Survey:
    """Survey a file. What columns of the same name held before (`known`) they are taken to hold now.

    Raises Invalid, with a sentence for whoever uploaded it, when nothing can be made of it.
    """
    encoding = encoding_of(file)
    delimiter = delimiter_of(file, encoding)
    rows = records(file, encoding, delimiter)
    names = _told_apart(header_of(rows, clean=_one_line))
    first = [record.cells for record in islice(rows, LOOKED_AT) if not record.problem]
    if not first:
        raise Invalid(_("The file has a header and no rows below it, so there is nothing to ask."))
    before = {column.name: column for column in known}
    columns = []
    for place, name in enumerate(names):
        values = [cells[place] for cells in first if place < len(cells)]
        found = guess(f"c{place}", name, values)
        if name in before:
            found = Cells(found.key, name, before[name].type, before[name].format, before[name].kept)
        columns.append(found)
    sample = [[_one_line(cell[:1000])[:_CELL_SHOWN] for cell in cells[: len(names)]] for cells in first[:SHOWN]]
    return Survey(encoding, delimiter, columns, sample)


def _told_apart(names: list[str]) -> list[str]:
    """Two columns of one name get a number: asks go by names."""
    seen: set[str] = set()
    found = []
    for name in names:
        free, count = name, 1
        while free in seen:
            count += 1
            free = f"{name[:90]} ({count})"
        seen.add(free)
        found.append(free)
    return found


def _one_line(cell: str) -> str:
    return " ".join("".join(mark for mark in cell if mark.isprintable() or mark.isspace()).split())
