"""The report of an import as a CSV file that is safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.adapters.tables.writing import MARK, line
from app.exchange.queries import Reported


def report_lines(lines: Iterable[Reported], identifier: str) -> Iterator[str]:
    """The lines of the file, with a byte order mark so that spreadsheets read UTF-8."""
    yield MARK + line(["Line", "Result", "Issue", "Title", "Remarks"])
    for row in lines:
        result = "refused" if row.refused else "imported" if row.number else "fine" if not row.problem else "remark"
        key = f"{identifier}-{row.number}" if row.number else ""
        yield line([str(row.line), result, key, row.title or "", row.problem or ""])
