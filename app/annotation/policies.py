"""Who sees a labelling project, who shapes it, and who labels in it.

Annotators reach tasks through the stream alone and see no annotation but their own: what others said would steer them.
Guests and customers see nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select

from app.annotation.models import Annotation, Labelling, Task
from app.kernel.access import ADMINS, STAFF, Role, grant, permissions, rule
from app.kernel.words import lazy
from app.organizations.models import Member
from app.projects.policies import in_projects_of, works_in


class P(StrEnum):
    #: The overview of a labelling project: its instructions and how far it is.
    VIEW = "labelling:view"
    #: Makes labelling projects and changes their settings and configuration.
    MANAGE = "labelling:manage"
    IMPORT = "labelling:import"
    EXPORT = "labelling:export"
    #: The list of tasks, and what everybody said about each.
    VIEW_TASKS = "task:view"
    #: The stream: labels and skips.
    ANNOTATE = "task:annotate"
    #: Changes and deletes what others said, marks what is true.
    REVIEW = "task:review"
    DELETE_TASKS = "task:delete"


_SHAPING = (*ADMINS, Role.MANAGER, Role.MEMBER)

permissions(
    P,
    lazy("Labelling"),
    VIEW=lazy("see labelling projects"),
    MANAGE=lazy("make and configure labelling projects"),
    IMPORT=lazy("import tasks"),
    EXPORT=lazy("export annotations"),
    VIEW_TASKS=lazy("see all tasks and what was said about each"),
    ANNOTATE=lazy("label tasks"),
    REVIEW=lazy("correct and judge the labels of others"),
    DELETE_TASKS=lazy("delete tasks"),
)

grant(P.VIEW, *STAFF, Role.VIEWER)
grant(P.MANAGE, *_SHAPING)
grant(P.IMPORT, *_SHAPING)
grant(P.EXPORT, *_SHAPING, Role.REVIEWER, Role.ANALYST)
grant(P.VIEW_TASKS, *_SHAPING, Role.REVIEWER, Role.ANALYST, Role.VIEWER)
grant(P.ANNOTATE, *_SHAPING, Role.REVIEWER, Role.ANNOTATOR)
grant(P.REVIEW, *_SHAPING, Role.REVIEWER)
grant(P.DELETE_TASKS, *_SHAPING)


def _works_on(permission: P) -> None:
    """Guests of a project change nothing in it, whatever their role in the organization allows."""

    @rule(permission)
    def may_work(member: Member, on: Any) -> bool:
        return member.may(permission) and works_in(member, _labelling_of(on))


for _changes in (P.MANAGE, P.IMPORT, P.ANNOTATE, P.REVIEW, P.DELETE_TASKS):
    _works_on(_changes)


def _labelling_of(on: Any) -> Any:
    """The labelling that a thing of it belongs to: a task with it, an annotation, an import, an export."""
    if isinstance(on, tuple):
        return on[0]
    on = on.task if isinstance(on, Annotation) else on
    return on if isinstance(on, Labelling) else on.labelling


def visible_to(member: Member) -> ColumnElement[bool]:
    """The labelling projects beside the member's projects, but for deleted ones."""
    if not member.may(P.VIEW):
        return Labelling.id.is_(None)  # never: guests and customers
    return Labelling.deleted_at.is_(None) & in_projects_of(member, Labelling.project_id)


def tasks_visible_to(member: Member) -> ColumnElement[bool]:
    """Tasks outside of the stream: those of labelling projects that the member sees, if they see tasks at all."""
    return Task.deleted_at.is_(None) & in_labellings_of(member)


def in_labellings_of(member: Member) -> ColumnElement[bool]:
    """The same, deleted tasks too."""
    if not member.may(P.VIEW_TASKS):
        return Task.id.is_(None)  # never: annotators get theirs from the stream
    return Task.labelling_id.in_(select(Labelling.id).where(visible_to(member)))


def readers_of_tasks(people: Sequence[Member]) -> list[Member]:
    """Those of a project's people whom a comment on a task can name."""
    return [person for person in people if person.may(P.VIEW_TASKS)]
