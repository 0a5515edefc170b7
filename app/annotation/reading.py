"""From a file of texts to rows of tasks: JSON, JSON lines, or CSV, one row at a time.

A row of JSON is the data itself, or a task as Label Studio writes it: `{"data": {…}, "annotations": […]}`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NoReturn

from app.adapters.tables.reading import header_of, records
from app.annotation.models import Format
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.forms import one_line

#: Characters of one row; columns of one; bytes of its data as JSON; annotations that one brings along.
ROW_MOST, COLUMNS_MOST, DATA_MOST, ANNOTATIONS_MOST = 4 * 2**20, 400, 256 * 1024, 100
_NAME_MOST = 200
_PIECE = 1 << 18
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SPACE = re.compile(r"\s*")


@dataclass
class Row:
    """What stands in one row: the data of a task, with what others said about it, or why it is none."""

    #: Where it begins, counted from 1.
    line: int
    data: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    #: Why no task can come of it.
    problem: str | None = None
    #: What is left out of it.
    remarks: list[str] = field(default_factory=list)


def format_of(file: BinaryIO, encoding: str, filename: str) -> Format:
    """How a file is written: by its first character, unless its name says CSV."""
    text = io.TextIOWrapper(file, encoding, newline="")
    start = text.read(4096).lstrip()
    text.detach()
    file.seek(0)
    if filename.lower().endswith((".csv", ".tsv")):
        return Format.CSV
    return {"[": Format.JSON, "{": Format.JSONL}.get(start[:1], Format.CSV)


def columns_in(file: BinaryIO, encoding: str, delimiter: str) -> list[str]:
    """The columns that CSV names, the second of a name with its place. Raises Invalid; the file is used up."""
    lines = records(file, encoding, delimiter)
    seen: dict[str, None] = {}
    for place, name in enumerate(header_of(lines, clean=one_line), 1):
        seen[f"{name} ({place})" if name in seen else name] = None
    return list(seen)


def rows_of(
    file: BinaryIO, kind: Format, encoding: str, *, delimiter: str = ",", header: Sequence[str] = ()
) -> Iterator[Row]:
    """Every row, streamed. Raises Invalid, naming the line, where nothing below could be read either."""
    if kind is Format.CSV:
        yield from _cells(file, encoding, delimiter, header)
        return
    text = io.TextIOWrapper(file, encoding, newline=None)
    for line, value in _lines(text) if kind is Format.JSONL else _items(text):
        yield value if isinstance(value, Row) else _task(line, value)


def _cells(file: BinaryIO, encoding: str, delimiter: str, header: Sequence[str]) -> Iterator[Row]:
    lines = records(file, encoding, delimiter)
    next(lines, None)
    for record in lines:
        if record.problem:
            yield Row(record.line, problem=record.problem)
        elif any(cell.strip() for cell in record.cells[len(header) :]):
            yield Row(
                record.line,
                problem=f"The row has {len(record.cells)} cells, but only {len(header)} columns have a name.",
            )
        else:
            cells = [*record.cells, *[""] * (len(header) - len(record.cells))]
            yield _checked(Row(record.line, dict(zip(header, cells, strict=False))))


def _lines(text: io.TextIOWrapper) -> Iterator[tuple[int, Any]]:
    number = 0
    while line := text.readline(ROW_MOST):
        number += 1
        if len(line) == ROW_MOST and not line.endswith("\n"):
            raise Invalid(
                _("Line %(number)s has more than %(value)s million characters.", number=number, value=ROW_MOST // 2**20)
            )
        if not line.strip():
            continue
        try:
            yield number, _decoder.decode(line)
        except (ValueError, RecursionError) as error:
            yield number, Row(number, problem=_why(error))


def _items(text: io.TextIOWrapper) -> Iterator[tuple[int, Any]]:
    """The items of one large array, without ever holding more than one of them and a piece of the file."""
    reader = _Buffer(text)
    reader.expect("[")
    if reader.peek() == "]":
        return
    while True:
        reader.skip()
        line = reader.line
        yield line, reader.item()
        if (mark := reader.peek()) == ",":
            reader.expect(",")
        elif mark == "]":
            reader.expect("]")
            if reader.peek():
                raise Invalid(_("Line %(line)s: more text follows after the end of the array.", line=reader.line))
            return
        else:
            raise Invalid(_("Line %(line)s: a comma or the end of the array is missing.", line=reader.line))


class _Buffer:
    """A window on a text that moves along it."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text, self.held, self.at, self.line, self.ended = text, "", 0, 1, False

    def _more(self) -> bool:
        piece = self.text.read(_PIECE)
        self.held, self.at = self.held[self.at :] + piece, 0
        self.ended = not piece
        return not self.ended

    def _forward(self, to: int) -> None:
        self.line += self.held.count("\n", self.at, to)
        self.at = to

    def skip(self) -> None:
        """Go to what comes next and is no white space."""
        while True:
            space = _SPACE.match(self.held, self.at)
            self._forward(space.end() if space else self.at)
            if self.at < len(self.held) or not self._more():
                return

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        self.skip()
        return self.held[self.at : self.at + 1]

    def expect(self, mark: str) -> None:
        if self.peek() != mark:
            raise Invalid(_("Line %(line)s: “%(mark)s” is missing.", line=self.line, mark=mark))
        self._forward(self.at + 1)

    def item(self) -> Any:
        """The value that begins here. Raises Invalid where there is none."""
        while True:
            try:
                value, end = _decoder.raw_decode(self.held, self.at)
            except json.JSONDecodeError as error:
                if len(self.held) - self.at > ROW_MOST:
                    raise Invalid(_("Line %(line)s: %(error)s", line=self.line, error=_why(error))) from error
                if not self._more():
                    line = self.line + self.held.count("\n", self.at, error.pos)
                    raise Invalid(_("Line %(line)s: %(error)s", line=line, error=_why(error))) from error
                continue
            except (ValueError, RecursionError) as error:
                raise Invalid(_("Line %(line)s: %(error)s", line=self.line, error=_why(error))) from error
            if end < len(self.held) or self.ended or not self._more():
                self._forward(end)
                return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number that can be stored")


_decoder = json.JSONDecoder(parse_constant=_refuse)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "This is nested too deeply."
    if isinstance(error, json.JSONDecodeError):
        return f"This is no JSON: {error.msg[:1].lower()}{error.msg[1:]}."
    return f"This cannot be read: {str(error)[:100]}."


def _task(line: int, value: Any) -> Row:
    """A value of JSON as a row."""
    if isinstance(value, str):
        return _checked(Row(line, {"text": value}))
    if not isinstance(value, dict):
        return Row(line, problem="A task is an object, or a text.")
    if not isinstance(value.get("data"), dict):
        return _checked(Row(line, value))
    row = Row(line, value["data"])
    given = value.get("annotations", value.get("completions")) or []
    if isinstance(given, list) and all(isinstance(one, dict) for one in given):
        row.annotations = given[:ANNOTATIONS_MOST]
        if len(given) > ANNOTATIONS_MOST:
            row.remarks.append(f"Of {len(given):,} annotations the first {ANNOTATIONS_MOST} come in.")
    else:
        row.remarks.append("Its annotations are no list of objects, so they are left out.")
    if value.get("predictions"):
        row.remarks.append("Its predictions are left out.")
    return _checked(row)


def _checked(row: Row) -> Row:
    """The row, or why it cannot be stored."""
    if not row.data:
        row.problem = "There is no data in it."
    elif len(row.data) > COLUMNS_MOST:
        row.problem = f"It has {len(row.data):,} fields; at most {COLUMNS_MOST} fit."
    elif any(len(name) > _NAME_MOST for name in row.data):
        row.problem = f"The name of a field has more than {_NAME_MOST} characters."
    else:
        row.problem = unstorable(row.data, DATA_MOST)
    return row


def unstorable(value: Any, most: int) -> str | None:
    """Why a value of JSON cannot be stored, if it cannot; `most` is in bytes."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        return "It holds half a character (a lone surrogate), which cannot be stored."
    except (ValueError, RecursionError):
        return "It holds a number that cannot be stored, or is nested too deeply."
    if size > most:
        return f"It has {size:,} bytes; at most {most:,} fit."
    if "\\u0000" in text and _NUL.search(text):
        return "It holds a NUL character, which cannot be stored."
    return None
