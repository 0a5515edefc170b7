"""How the nouns `labelling` and `task` show themselves to those who list them, tell their history or link to them."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import joinedload

from app.annotation import policies
from app.annotation.models import Labelling, Task
from app.kernel.events import Field, Noun
from app.projects.queries import people_of

labelling = Noun(
    name="labelling",
    model=Labelling,
    icon="annotate",
    plural="Labelling projects",
    title=lambda labelling: labelling.project.name,
    url=lambda labelling: url_for("annotation.show_labelling", identifier=labelling.project.identifier),
    visible=policies.visible_to,
    audience=lambda labelling: [f"project:{labelling.project_id}"],
    text=lambda labelling: ("labelling annotation", labelling.project.identifier),
    topics=lambda labelling: ["labellings", f"labelling-{labelling.id}"],
    load=(joinedload(Labelling.project),),
    fields={
        "config_version": Field("configuration", silent=True),
        "instruction_version": Field("instructions", silent=True),
        "show_instruction": Field("instructions at the start"),
        "overlap": Field("annotations a task"),
        "sampling": Field("order"),
        "skip_queue": Field("skipped tasks"),
        "show_skip": Field("skipping"),
        "lock_minutes": Field("minutes a task is held"),
        "allow_empty": Field("empty annotations"),
    },
)

task = Noun(
    name="task",
    model=Task,
    icon="annotate",
    plural="Tasks",
    title=lambda task: f"{task.labelling.project.identifier} task {task.number}",
    url=lambda task: url_for("annotation.show_task", identifier=task.labelling.project.identifier, number=task.number),
    visible=policies.tasks_visible_to,
    audience=lambda task: [f"project:{task.labelling.project_id}"],
    topics=lambda task: [f"labelling-{task.labelling_id}", f"task-{task.id}"],
    readers=lambda task: policies.readers_of_tasks(people_of(task.labelling.project_id)),
    load=(joinedload(Task.labelling).joinedload(Labelling.project),),
    fields={"overlap": Field("annotations wanted"), "is_labeled": Field("done")},
)
