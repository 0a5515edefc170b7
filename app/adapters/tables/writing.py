"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

#: What a file begins with, so that spreadsheets read it as UTF-8.
MARK = "\ufeff"
#: With these a spreadsheet begins to calculate.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell as text, whatever it begins with: a spreadsheet shows what stands after an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def line(cells: Iterable[str | float]) -> str:
    """One line of a file. Text is made harmless; numbers are none."""
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()
