"""The tasks of a labelling project: the list, single ones, and what is done to many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, request, url_for
from werkzeug.datastructures import MultiDict

from app.annotation.canvas import Canvas
from app.annotation.commands import tasks as commands
from app.annotation.config import Broken, LabelConfig, parse
from app.annotation.models import Annotation, Labelling, Task
from app.annotation.policies import P
from app.annotation.queries.labellings import labelling_by_project
from app.annotation.queries.tasks import (
    STATUSES,
    Rows,
    TaskFilter,
    annotations_of,
    answers_of,
    beside,
    chosen_tasks,
    count_of,
    people_who_label,
    read_filter,
    task_by_number,
    tasks_of,
)
from app.annotation.routes import bp
from app.discussions.queries import discussion_of
from app.kernel.errors import NotFound
from app.web.asked import ids_of
from app.web.current import current_member
from app.web.filtering import ME
from app.web.guard import requires
from app.web.htmx import is_htmx, trigger
from app.web.live import shows
from app.web.replies import go, page, reply


@dataclass
class Listed:
    """The tasks of a labelling that pass a filter."""

    labelling: Labelling
    config: LabelConfig | None
    filter: TaskFilter
    rows: Rows
    total: int
    #: The last number loaded by scrolling; None when only the first page is.
    until: int | None = None

    region = "tasks"
    counted = ("task", "tasks")
    texts = "Text"

    @cached_property
    def base(self) -> str:
        return url_for("annotation.list_tasks", identifier=self.labelling.project.identifier)

    @property
    def plain(self) -> str:
        return self.base

    @property
    def part(self) -> str:
        """Where the region is had by another filter, which is added."""
        return f"{self.base}/rows?show"

    @property
    def query(self) -> str:
        return self.filter.query

    def address(self, chosen: TaskFilter) -> str:
        return f"{self.base}?{chosen.query}" if chosen else self.base

    @property
    def extent(self) -> str:
        """What a refetch asks with."""
        return f"{self.query}&until={self.until}" if self.until else self.query

    @property
    def more(self) -> str | None:
        """Where the next rows are had."""
        return f"{self.base}/rows?{self.query}&after={self.rows.last}" if self.rows.more and self.rows.last else None

    @cached_property
    def columns(self) -> Sequence[str]:
        """What is shown of the data: the texts that are labelled."""
        return self.config.fields[:2] if self.config else ()

    @property
    def deleted(self) -> bool:
        return self.filter.values("status") == ("deleted",)


@bp.get("/projects/<identifier>/labelling/tasks")
@requires(P.VIEW_TASKS, load=labelling_by_project)
def list_tasks(labelling: Labelling) -> Response:
    shows(f"labelling-{labelling.id}")
    return page("annotation/tasks/index.html", listed=_listed(labelling, request.args))


@bp.get("/projects/<identifier>/labelling/tasks/rows")
@requires(P.VIEW_TASKS, load=labelling_by_project)
def show_task_rows(labelling: Labelling) -> Response:
    """The region again, as much of it as was loaded; with `after` the next rows. With `show` the page takes the filter
    into its address.
    """
    if "after" in request.args:
        after = _number(request.args["after"])
        if after is None:
            raise NotFound
        config = _config(labelling)
        chosen = read_filter(request.args, labelling, config)
        rows = tasks_of(labelling, chosen.clauses(current_member, config), after=after)
        return reply(
            "annotation/tasks/more.html", listed=Listed(labelling, config, chosen, rows, 0, rows.last or after)
        )
    listed = _listed(labelling, request.args)
    response = reply("annotation/tasks/rows.html", listed=listed)
    if "show" in request.args:
        response.headers["HX-Push-Url"] = listed.address(listed.filter)
    return response


@bp.get("/projects/<identifier>/labelling/tasks/filters")
@requires(P.VIEW_TASKS, load=labelling_by_project)
def show_task_filters(labelling: Labelling) -> Response:
    """What one can filter by, for the menu: all fields, or only the one in `field`."""
    config = _config(labelling)
    bare = Listed(labelling, config, read_filter(request.args, labelling, config), Rows((), {}, False), 0)
    offered: dict[str, list[tuple[str, Any]]] = {
        "status": list(STATUSES.items()),
        "annotator": [(ME, None), *((str(person.id), person) for person in people_who_label(labelling))],
        "value": list(answers_of(config)),
    }
    only = request.args.get("field", "")
    names = [only] if only in offered else list(offered)
    groups = [(name, TaskFilter.FIELDS[name], offered[name]) for name in names]
    return reply("annotation/tasks/filters.html", listed=bare, groups=groups, only=only if only in offered else "")


@bp.get("/projects/<identifier>/labelling/tasks/<int:number>")
@requires(P.VIEW_TASKS, load=task_by_number)
def show_task(task: Task) -> Response:
    """The page: the task and what each said about it. `peek` renders the panel beside the list, `part` the region."""
    shows(f"task-{task.id}", f"labelling-{task.labelling_id}")
    if "peek" in request.args:
        return page("annotation/tasks/peek.html", **_shown(task))
    before, after = beside(task)
    template = "annotation/tasks/region.html" if "part" in request.args else "annotation/tasks/show.html"
    return page(template, **_shown(task), before=before, after=after)


@bp.post("/projects/<identifier>/labelling/tasks/deletion")
@requires(P.DELETE_TASKS, load=labelling_by_project)
def destroy_tasks(labelling: Labelling) -> Response:
    """Put the tasks named by `ids` into the bin."""
    tasks = _chosen(labelling)
    commands.delete_tasks(tasks, by=current_member)
    return _changed(labelling, tasks, "deleted", "annotation.restore_tasks")


@bp.post("/projects/<identifier>/labelling/tasks/restoration")
@requires(P.DELETE_TASKS, load=labelling_by_project)
def restore_tasks(labelling: Labelling) -> Response:
    """Take the tasks named by `ids` out of the bin, in the form or in the address."""
    tasks = _chosen(labelling)
    commands.restore_tasks(tasks, by=current_member)
    return _changed(labelling, tasks, "restored", "annotation.destroy_tasks")


def _chosen(labelling: Labelling) -> list[Task]:
    ids = ids_of(request.values.getlist("ids"), of=("task", "tasks"))
    return chosen_tasks(current_member, labelling.project.identifier, ids)


def _changed(labelling: Labelling, tasks: Sequence[Task], verb: str, inverse: str) -> Response:
    identifier = labelling.project.identifier
    said = f"Task {tasks[0].number} {verb}" if len(tasks) == 1 else f"{len(tasks)} tasks {verb}"
    if not is_htmx() or "leave" in request.values:
        return go(url_for("annotation.list_tasks", identifier=identifier), said)
    # An address must stay short; more than these are brought back from the list of deleted ones.
    undo = url_for(inverse, identifier=identifier, ids=[task.id for task in tasks]) if len(tasks) <= 200 else None
    response = reply("annotation/tasks/changed.html", said=said, undo=undo)
    return trigger(response, moved={"topics": [f"labelling-{labelling.id}"]})


def _listed(labelling: Labelling, args: MultiDict[str, str]) -> Listed:
    config, until = _config(labelling), _number(args.get("until", ""))
    chosen = read_filter(args, labelling, config)
    matching = chosen.clauses(current_member, config)
    rows = tasks_of(labelling, matching, until=until)
    return Listed(labelling, config, chosen, rows, count_of(labelling, matching), until)


def _shown(task: Task) -> dict[str, Any]:
    config, said = _config(task.labelling), annotations_of(task)
    return {
        "task": task,
        "labelling": task.labelling,
        "said": said,
        "canvases": {one.id: drawn(config, task, one) for one in said} if config else {},
        "blank": Canvas(config, task.data, (), still=True) if config else None,
        "discussion": discussion_of(task, current_member, request.args),
        "mine": next((one for one in said if one.member_id == current_member.id and one.import_id is None), None),
    }


def drawn(config: LabelConfig, task: Task, annotation: Annotation) -> Canvas:
    """What was said, to be looked at; what does not fit the configuration any more is left out."""
    known = [entry for entry in annotation.result if config.control(entry["from_name"])]
    return Canvas(config, task.data, known, still=True)


def _config(labelling: Labelling) -> LabelConfig | None:
    try:
        return parse(labelling.config)
    except Broken:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
