"""A first look over a whole file: its header, its first rows, which values its narrow columns hold, how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from app.adapters.tables.reading import delimiter_of, encoding_of, header_of, records
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.forms import one_line

#: Rows shown of a file, and different values a column may hold to count as narrow.
SHOWN, NARROW = 5, 40
_CELL_SHOWN, _VALUE_MOST = 160, 60


@dataclass
class Survey:
    """What the mapping screen shows of a file."""

    encoding: str
    delimiter: str
    header: list[str]
    #: The first rows, their cells shortened.
    sample: list[list[str]] = field(default_factory=list)
    #: {column: the different values in it, in order of appearance}, for columns with few of them
    values: dict[int, list[str]] = field(default_factory=dict)
    rows: int = 0

    def as_json(self) -> dict[str, Any]:
        """What `Import.survey` holds; header, encoding and length have columns of their own."""
        return {"sample": self.sample, "values": {str(column): found for column, found in self.values.items()}}


def look_over(file: BinaryIO) -> Survey:
    """Survey a file. Raises Invalid, with a sentence for whoever uploaded it, when it cannot be imported at all."""
    encoding = encoding_of(file)
    delimiter = delimiter_of(file, encoding)
    rows = records(file, encoding, delimiter)
    survey = Survey(encoding, delimiter, header_of(rows, clean=one_line))
    seen: dict[int, dict[str, None]] = {column: {} for column in range(len(survey.header))}
    for record in rows:
        survey.rows += 1
        if len(survey.sample) < SHOWN and not record.problem:
            survey.sample.append([(one_line(cell[:1000]) or "")[:_CELL_SHOWN] for cell in record.cells])
        _note_values(seen, record.cells)
    if not survey.rows:
        raise Invalid(_("The file has a header and no rows below it, so there is nothing to import."))
    survey.values = {column: list(found) for column, found in seen.items()}
    return survey


def _note_values(seen: dict[int, dict[str, None]], cells: Sequence[str]) -> None:
    """Remember the values of columns that are still narrow; a column that is not leaves `seen`."""
    for column in list(seen):
        cell = (one_line(cells[column][:1000]) or "") if column < len(cells) else ""
        if not cell or cell in seen[column]:
            continue
        if len(cell) > _VALUE_MOST or len(seen[column]) == NARROW:
            del seen[column]
        else:
            seen[column][cell] = None


def repeated(header: Sequence[str]) -> list[str]:
    """Names that stand more than once in a header, without regard to case."""
    folded = [name.casefold() for name in header]
    return list(dict.fromkeys(name for name, key in zip(header, folded, strict=True) if folded.count(key) > 1))
