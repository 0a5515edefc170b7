"""What a board shows of a project: text, states, people, labels and priorities, as its address says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.kernel.database import db
from app.organizations.models import Kind, Member
from app.projects.models import IssueType, Label, Project, State
from app.web.filtering import ME, NOBODY, whole_numbers
from app.web.filtering import Filter as Chosen

#: The fields one can choose by, in the order in which they are offered: the key of the address, and its name.
FIELDS: Mapping[str, str] = {
    "state": "State",
    "assignee": "Assignee",
    "label": "Label",
    "type": "Type",
    "priority": "Priority",
}
PRIORITIES = {priority.name.lower(): priority for priority in sorted(Priority, reverse=True)}
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Filter(Chosen):
    """What was chosen of a board."""

    FIELDS = FIELDS

    def shows(self, state_id: int) -> bool:
        """Whether a state's column is shown."""
        states = self.values("state")
        return not states or str(state_id) in states

    def clauses(self, member: Member, identifier: str) -> list[ColumnElement[bool]]:
        """The conditions on Issue, all values bound. States are none of them: they choose columns (`shows`)."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            found.append(_text(self.text, identifier))
        if people := self.values("assignee"):
            found.append(_people(people, member))
        if labels := self.values("label"):
            found.append(Issue.id.in_(_bearing([int(label) for label in labels])))
        if kinds := self.values("type"):
            found.append(Issue.issue_type_id.in_(int(kind) for kind in kinds))
        if priorities := self.values("priority"):
            found.append(Issue.priority.in_(int(PRIORITIES[priority]) for priority in priorities))
        return found


def _bearing(labels: list[int]) -> Select[Any]:
    """Issues with one of these labels, or with one that stands under it."""
    tree = select(Label.id).where(Label.id.in_(labels)).cte("tree", recursive=True)
    below = aliased(Label)
    tree = tree.union(select(below.id).join(tree, below.parent_id == tree.c.id))
    return select(IssueLabel.issue_id).where(IssueLabel.label_id.in_(select(tree.c.id)))


def _text(text: str, identifier: str) -> ColumnElement[bool]:
    """In the title, or the key: `WEB-12` and `12` both find WEB-12."""
    in_title = Issue.title.icontains(text, autoescape=True)
    number = text[len(identifier) + 1 :] if text.upper().startswith(f"{identifier}-") else text
    return or_(in_title, Issue.number == int(number)) if _NUMBER.fullmatch(number) else in_title


def _people(people: tuple[str, ...], member: Member) -> ColumnElement[bool]:
    ids = [member.id if person == ME else int(person) for person in people if person != NOBODY]
    theirs = Issue.id.in_(select(IssueAssignee.issue_id).where(IssueAssignee.member_id.in_(ids))) if ids else false()
    somebody = exists().where(
        IssueAssignee.organization_id == Issue.organization_id, IssueAssignee.issue_id == Issue.id
    )
    return or_(theirs, ~somebody) if NOBODY in people else theirs


def read_filter(args: Any, project: Project) -> Filter:
    """The filter that an address (`args`, a MultiDict) asks for. One statement for each of state, people and labels.

    Never raises: what means nothing in this project, be it misspelt, deleted or of elsewhere, is named in `ignored`.
    """
    return Filter.read(args, {name: partial(known, project=project) for name, known in _KNOWN.items()})


def _names(model: Any, values: list[str], *where: ColumnElement[bool]) -> dict[str, str]:
    ids = whole_numbers(values)
    if not ids:
        return {}
    rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids), *where))
    return {str(row.id): row.name for row in rows}


def _states(values: list[str], project: Project) -> dict[str, str]:
    return _names(State, values, State.project_id == project.id)


def _assignees(values: list[str], project: Project) -> dict[str, str]:
    special = {name: said for name, said in ((ME, "Me"), (NOBODY, "Nobody")) if name in values}
    return special | _names(Member, values, Member.kind != Kind.CUSTOMER)


def _labels(values: list[str], project: Project) -> dict[str, str]:
    return _names(Label, values, or_(Label.project_id == project.id, Label.project_id.is_(None)))


def _types(values: list[str], project: Project) -> dict[str, str]:
    return _names(IssueType, values)


def _priorities(values: list[str], project: Project) -> dict[str, str]:
    return {value: PRIORITIES[value].label for value in values if value in PRIORITIES}


_KNOWN = {"state": _states, "assignee": _assignees, "label": _labels, "type": _types, "priority": _priorities}
