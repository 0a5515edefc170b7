"""What the columns of a file mean, and the guesses that most people only have to confirm.

Guesses know the headers and values that Jira, Linear, Plane, Trello and spreadsheets write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.boards.models import Priority
from app.kernel.words import lazy
from app.projects.models import State, StateGroup

#: The fields of an issue a column can fill, with how they are called.
FIELDS = {
    "title": lazy("Title"),
    "body": lazy("Description"),
    "state": lazy("State"),
    "priority": lazy("Priority"),
    "assignees": lazy("Assignees"),
    "labels": lazy("Labels"),
    "start_date": lazy("Start date"),
    "due_date": lazy("Due date"),
}
#: Fields that take several columns of the same name, as Jira writes them.
MANY = ("assignees", "labels")

_HEADERS = {
    "title": ("title", "summary", "name", "card name", "issue title", "task name", "task", "subject", "issue"),
    "body": ("description", "body", "card description", "details", "notes", "text", "description text", "content"),
    "state": ("state", "status", "list name", "list", "column", "stage", "workflow state", "state name"),
    "priority": ("priority", "urgency", "importance"),
    "assignees": (
        "assignee email",
        "assignees",
        "assignee",
        "assigned to",
        "members",
        "owner",
        "assigned",
        "responsible",
    ),
    "labels": ("labels", "label", "tags", "tag", "components", "component", "label name"),
    "start_date": (
        "start date",
        "target start",
        "planned start",
        "begin",
        "start",
        "started",
        "custom field start date",
    ),
    "due_date": (
        "due date",
        "target date",
        "due",
        "deadline",
        "target end",
        "planned end",
        "end date",
        "finish",
        "due on",
    ),
}
_PRIORITIES = {
    Priority.URGENT: ("urgent", "highest", "critical", "blocker", "p0", "immediate", "showstopper"),
    Priority.HIGH: ("high", "major", "p1", "important"),
    Priority.MEDIUM: ("medium", "normal", "p2", "moderate", "default"),
    Priority.LOW: ("low", "lowest", "minor", "trivial", "p3", "p4"),
    Priority.NONE: ("none", "no priority", "-", "0", "not set", "unset"),
}
_GROUPS = {
    StateGroup.BACKLOG: ("backlog", "icebox", "triage", "inbox", "ideas", "later", "someday"),
    StateGroup.UNSTARTED: (
        "todo",
        "to do",
        "open",
        "new",
        "ready",
        "planned",
        "unstarted",
        "selected for development",
        "reopened",
        "next",
        "not started",
        "this week",
    ),
    StateGroup.STARTED: (
        "in progress",
        "doing",
        "started",
        "in review",
        "review",
        "active",
        "testing",
        "in development",
        "in test",
        "qa",
        "wip",
        "working on it",
        "today",
    ),
    StateGroup.COMPLETED: (
        "done",
        "closed",
        "completed",
        "complete",
        "resolved",
        "finished",
        "shipped",
        "released",
        "merged",
        "deployed",
    ),
    StateGroup.CANCELLED: (
        "cancelled",
        "canceled",
        "wont do",
        "won't do",
        "wontfix",
        "won't fix",
        "duplicate",
        "rejected",
        "declined",
        "abandoned",
        "invalid",
        "obsolete",
    ),
}


def folded(text: str) -> str:
    """Text as values are compared: without regard to case, underscores, hyphens and repeated spaces."""
    return " ".join(re.sub(r"[_\-]+", " ", text.casefold()).split()) or text.strip()


def caseless(text: str) -> str:
    """Names and addresses as they are compared: without regard to case and repeated spaces."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Mapping:
    """Which column fills which field, and what values of state and priority mean here."""

    #: {field: column}
    columns: Map[str, int] = field(default_factory=dict)
    #: {folded value: state id}; None: it means nothing here, and every such row says so
    states: Map[str, int | None] = field(default_factory=dict)
    #: {folded value: priority}, likewise
    priorities: Map[str, int | None] = field(default_factory=dict)
    create_labels: bool = True
    #: How 03/04/2026 is read: 3 April, else March 4.
    day_first: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "states": dict(self.states),
            "priorities": dict(self.priorities),
            "create_labels": self.create_labels,
            "day_first": self.day_first,
        }

    @classmethod
    def from_json(cls, stored: Map[str, Any]) -> Mapping:
        return cls(**stored)


def guess(header: Sequence[str], values: Map[int, Sequence[str]], states: Sequence[State]) -> Mapping:
    """The mapping that is most likely meant."""
    columns = guess_columns(header)
    return Mapping(
        columns=columns,
        states=guess_states(values.get(columns.get("state", -1), ()), states),
        priorities=guess_priorities(values.get(columns.get("priority", -1), ())),
    )


def guess_columns(header: Sequence[str]) -> dict[str, int]:
    """{field: column} by what columns are called, the surest name first. A column is guessed for one field only."""
    names = [folded(name) for name in header]
    found: dict[str, int] = {}
    for wanted, known in _HEADERS.items():
        free = {name: column for column, name in reversed(list(enumerate(names))) if column not in found.values()}
        place = next((free[name] for name in known if name in free), None)
        if place is not None:
            found[wanted] = place
    return found


def guess_states(values: Sequence[str], states: Sequence[State]) -> dict[str, int | None]:
    """{folded value: state id}: the state of that name, else the first one of the group that the value speaks of."""
    named = {folded(state.name): state.id for state in states}
    grouped = {state.group: state.id for state in reversed(states)}
    found: dict[str, int | None] = {}
    for value in map(folded, values):
        group = next((group for group, words in _GROUPS.items() if value in words), None)
        state = named.get(value) or (grouped.get(group) if group else None)
        if state:
            found[value] = state
    return found


def guess_priorities(values: Sequence[str]) -> dict[str, int | None]:
    """{folded value: priority}"""
    words = {word: priority for priority, known in _PRIORITIES.items() for word in known}
    return {value: int(words[value]) for value in map(folded, values) if value in words}


def same_columns(header: Sequence[str], column: int) -> list[int]:
    """A column and all others of the same name: Jira repeats a header for every value."""
    name = header[column].casefold()
    return [place for place, other in enumerate(header) if other.casefold() == name]
