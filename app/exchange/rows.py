"""One record becomes an issue's draft, or a sentence that says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.adapters.tables.dates import read_day
from app.adapters.tables.reading import Record
from app.boards.models import Priority
from app.documents.rendering import MOST as BODY_MOST
from app.exchange.mapping import MANY, Mapping, caseless, folded, same_columns
from app.web.forms import one_line, prose

TITLE_MOST, LABEL_MOST = 300, 60
_PARTS = re.compile(r"[,;|\n]")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Vocabulary:
    """What a project's words mean at this moment: read anew for every batch."""

    #: {state id: name}
    states: Map[int, str]
    #: The state of issues that name none.
    default_state: int
    #: {caseless name: label id}
    labels: Map[str, int]
    #: {caseless e-mail or name: member id}; None where two people share a name
    people: Map[str, int | None]


@dataclass
class Row:
    """What a record says. `refused`: no issue comes of it. `remarks` are sentences."""

    line: int
    title: str = ""
    body: str = ""
    state_id: int | None = None
    priority: int = Priority.NONE
    assignee_ids: list[int] = field(default_factory=list)
    label_ids: list[int] = field(default_factory=list)
    #: Labels that the project does not have yet.
    new_labels: list[str] = field(default_factory=list)
    start_date: date | None = None
    due_date: date | None = None
    remarks: list[str] = field(default_factory=list)
    refused: bool = False

    def refuse(self, why: str) -> Row:
        self.refused = True
        self.remarks = [why]
        return self


class Reader:
    """Reads records of one file by one mapping."""

    def __init__(self, header: Sequence[str], mapping: Mapping, vocabulary: Vocabulary) -> None:
        self.width, self.mapping, self.known = len(header), mapping, vocabulary
        self.columns = {
            name: same_columns(header, column) if name in MANY else [column]
            for name, column in mapping.columns.items()
            if column < len(header)
        }

    def read(self, record: Record) -> Row:
        """The row that a record is."""
        row = Row(record.line)
        if record.problem:
            return row.refuse(record.problem)
        if any(cell.strip() for cell in record.cells[self.width :]):
            return row.refuse(
                f"The row has {len(record.cells)} cells, but only {self.width} columns have a name. A cell that holds"
                " the delimiter needs quotes around it."
            )
        if len(record.cells) < self.width:
            row.remarks.append(f"The row ends after {len(record.cells)} of {self.width} cells; the rest is empty.")
        self._texts(row, record)
        if row.refused:
            return row
        self._choices(row, record)
        self._people(row, record)
        self._labels(row, record)
        self._dates(row, record)
        return row

    def _cells(self, name: str, record: Record) -> list[str]:
        """What stands in the columns of a field."""
        places = self.columns.get(name, ())
        return [cell for place in places if place < len(record.cells) and (cell := record.cells[place].strip())]

    def _cell(self, name: str, record: Record) -> str:
        return next(iter(self._cells(name, record)), "")

    def _texts(self, row: Row, record: Record) -> None:
        title, body = self._cell("title", record), self._cell("body", record)
        row.title, row.body = one_line(title) or "", (prose(body) or "").strip()
        if not row.title:
            row.refuse("The title is empty.")
        elif len(row.title) > TITLE_MOST:
            row.refuse(f"The title has {len(row.title):,} characters; at most {TITLE_MOST} fit. Shorten it.")
        elif len(row.body) > BODY_MOST:
            row.refuse(f"The description has {len(row.body):,} characters; at most {BODY_MOST:,} fit. Shorten it.")
        elif _UNSTORABLE.search(title) or _UNSTORABLE.search(body):
            row.remarks.append("Characters that cannot be stored (NUL or other controls) are left out.")

    def _choices(self, row: Row, record: Record) -> None:
        row.state_id = self.known.default_state
        if word := one_line(self._cell("state", record)):
            state = self.mapping.states.get(folded(word))
            if state in self.known.states:
                row.state_id = state
            else:
                here = self.known.states[self.known.default_state]
                row.remarks.append(f"The state “{_short(word)}” means nothing here; the issue goes to {here}.")
        if word := one_line(self._cell("priority", record)):
            priority = self.mapping.priorities.get(folded(word))
            if priority is None:
                row.remarks.append(f"The priority “{_short(word)}” means nothing here; the issue gets none.")
            else:
                row.priority = priority

    def _people(self, row: Row, record: Record) -> None:
        for cell in self._cells("assignees", record):
            whole = self.known.people.get(caseless(cell), 0)
            for word in [cell] if whole else _parts(cell):
                member = self.known.people.get(caseless(word), 0)
                if member:
                    row.assignee_ids += [member] if member not in row.assignee_ids else []
                elif member is None:
                    row.remarks.append(f"Two people here are called “{_short(word)}”; write the e-mail address.")
                else:
                    row.remarks.append(f"“{_short(word)}” is nobody in this project, so they are not assigned.")

    def _labels(self, row: Row, record: Record) -> None:
        for word in (part for cell in self._cells("labels", record) for part in _parts(cell)):
            name = one_line(word) or ""
            label = self.known.labels.get(caseless(name))
            if label:
                row.label_ids += [label] if label not in row.label_ids else []
            elif not self.mapping.create_labels:
                row.remarks.append(f"There is no label “{_short(name)}” here; it is left out.")
            elif len(name) > LABEL_MOST:
                row.remarks.append(f"The label “{_short(name)}” has over {LABEL_MOST} characters; it is left out.")
            elif name and caseless(name) not in map(caseless, row.new_labels):
                row.new_labels.append(name)

    def _dates(self, row: Row, record: Record) -> None:
        for name, words in (("start_date", "start date"), ("due_date", "due date")):
            if cell := self._cell(name, record):
                day = read_day(cell, day_first=self.mapping.day_first)
                setattr(row, name, day)
                if day is None:
                    row.remarks.append(f"The {words} “{_short(cell)}” is no date we can read; it is left out.")
        if row.start_date and row.due_date and row.start_date > row.due_date:
            row.start_date = None
            row.remarks.append("The start date lies after the due date; it is left out.")


def _parts(cell: str) -> list[str]:
    """The words of a cell that lists several: `Bug, API`, also `['Bug', 'API']`."""
    inner = cell[1:-1] if cell.startswith("[") and cell.endswith("]") else cell
    return [word for part in _PARTS.split(inner) if (word := part.strip().strip("'\"").strip())]


def _short(text: str) -> str:
    """A cell as a sentence can quote it."""
    line = one_line(text[:400]) or ""
    return line if len(line) <= 60 else f"{line[:59]}…"
