"""From bytes to records: which characters a file is written in, what parts its cells, and its records one by one.

Everything is streamed: no more than one record is held at a time.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from app.kernel.errors import Invalid

#: Characters that one cell may hold. A longer one is nearly always a quote that was never closed.
CELL_MOST = 2 * 2**20
#: Columns a file may have, and characters of their names that are kept.
COLUMNS_MOST, NAME_MOST = 400, 100
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
#: How encodings are named to people.
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252 (Western European)"}

csv.field_size_limit(CELL_MOST)

_PIECE = 1 << 20
_OTHER_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a text processor's document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)


@dataclass(frozen=True)
class Record:
    """One record: the line where it begins, counted from 1 as a text editor does, and its cells or what is wrong."""

    line: int
    cells: list[str]
    problem: str | None = None


def encoding_of(file: BinaryIO) -> str:
    """What a file is written in: by its byte order mark, else UTF-8, else Windows-1252.

    Raises Invalid, naming the line, for broken text, and for what is no text at all.
    """
    start = file.read(4096)
    file.seek(0)
    if not start.strip(b"\r\n\t \xef\xbb\xbf"):
        raise Invalid("The file is empty.")
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise Invalid(f"This is {kind}, not a CSV file. Open it, save or export it as CSV, and upload that.")
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            _check(file, codec)
            return "utf-16"
    if start.count(0) > len(start) // 10:
        raise Invalid("This is not a text file. Save or export it as CSV, in UTF-8, and upload that.")
    if start.startswith(codecs.BOM_UTF8):
        _check(file, "utf-8")
        return "utf-8-sig"
    try:
        _check(file, "utf-8")
    except Invalid:
        if _mostly_utf8(file):
            raise
        _check(file, "cp1252")
        return "cp1252"
    return "utf-8"


def _check(file: BinaryIO, encoding: str) -> None:
    """Read all of it. Raises Invalid that names the first line which is not written in `encoding`."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, piece = 1, b"."
    try:
        while piece:
            piece = file.read(_PIECE)
            line += decoder.decode(piece, final=not piece).count("\n")
    except UnicodeDecodeError as error:
        line += error.object[: error.start].decode(encoding).count("\n")
        name = ENCODINGS[encoding.removesuffix("-le").removesuffix("-be")]
        raise Invalid(
            f"Line {line} holds bytes that are no {name} text. Save the file as UTF-8 and upload it again."
        ) from error
    finally:
        file.seek(0)


def _mostly_utf8(file: BinaryIO) -> bool:
    """Whether the bytes above ASCII are, for the most part, UTF-8: then a wrong one is damage, not another encoding."""
    whole = high = 0
    while piece := file.read(_PIECE):
        whole += sum(len(found) for found in re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", piece))
        high += len(piece) - len(piece.translate(None, _HIGH))
    file.seek(0)
    return whole * 2 > high


_HIGH = bytes(range(128, 256))


def delimiter_of(file: BinaryIO, encoding: str) -> str:
    """What parts the cells, judged by the first lines: the one that most lines agree about. A comma in doubt."""
    text = io.TextIOWrapper(file, encoding, newline="")
    start = text.read(1 << 16)
    text.detach()
    file.seek(0)
    lines = io.StringIO(start, newline="").readlines()[:60]
    if len(start) == 1 << 16 and len(lines) > 1:
        lines.pop()  # cut in the middle
    return max(DELIMITERS, key=lambda mark: _agreement(lines, mark))


def _agreement(lines: list[str], mark: str) -> tuple[float, int]:
    """How many records have as many cells as the header (0 when that is one), and how many those are."""
    widths: Counter[int] = Counter()
    header = 0
    try:
        for cells in csv.reader(lines, delimiter=mark):
            header = header or len(cells)
            widths[len(cells)] += 1
    except csv.Error:
        return 0.0, 0
    return (widths[header] / widths.total(), header) if header > 1 else (0.0, header)


def records(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Record]:
    """Every record that holds anything, the header first. A broken one says so in `problem`.

    Raises Invalid where nothing below could be read either: a quote that is never closed.
    """
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield from _records(csv.reader(text, delimiter=delimiter, strict=True))
    finally:
        if not file.closed:
            text.detach()  # else the file would be closed with it, and it is the caller's


def _records(reader: Any) -> Iterator[Record]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error) or "field limit" in str(error):
                raise Invalid(
                    f'A quote (") in the record that begins in line {line} is never closed, so nothing after it can be'
                    " read. Close it, or write it twice if it belongs to the text."
                ) from error
            yield Record(line, [], 'After a closing quote comes more text. Write a quote inside a cell twice ("").')
            continue
        if any(cell and not cell.isspace() for cell in cells):
            yield Record(line, cells)


def header_of(rows: Iterator[Record], *, clean: Callable[[str], str | None]) -> list[str]:
    """The names of the columns, from the first record; `clean` makes a cell one line. Raises Invalid."""
    first = next(rows, None)
    if first is None or first.problem:
        raise Invalid("The first line must name the columns, and it cannot be read." if first else "The file is empty.")
    if len(first.cells) > COLUMNS_MOST:
        raise Invalid(f"The file has {len(first.cells):,} columns; at most {COLUMNS_MOST} can be told apart here.")
    names = [(clean(cell[:1000]) or "")[:NAME_MOST] for cell in first.cells]
    while names and not names[-1]:
        names.pop()  # spreadsheets leave delimiters at the end of every line
    return [name or f"Column {place}" for place, name in enumerate(names, 1)]
