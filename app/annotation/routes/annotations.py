"""What reviewers do with what others said: mark it as ground truth, delete it, bring it back."""

from __future__ import annotations

from flask import Response, url_for

from app.annotation.commands.annotations import delete_annotation, mark_annotation
from app.annotation.commands.annotations import restore_annotation as bring_back
from app.annotation.models import Annotation
from app.annotation.policies import P
from app.annotation.queries.tasks import annotation_of_task
from app.annotation.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, reply

_ONE = "/projects/<identifier>/labelling/tasks/<int:number>/annotations/<int:annotation_id>"


@bp.post(f"{_ONE}/truth")
@requires(P.REVIEW, load=annotation_of_task)
def update_truth(annotation: Annotation) -> Response:
    """Mark it as known to be right, or take the mark back."""
    mark_annotation(annotation, annotation.task, true=not annotation.ground_truth, by=current_member)
    said = "Marked as ground truth" if annotation.ground_truth else "No ground truth any more"
    return _changed(annotation, said, "annotation.update_truth")


@bp.post(f"{_ONE}/deletion")
@requires(P.REVIEW, load=annotation_of_task)
def destroy_annotation(annotation: Annotation) -> Response:
    delete_annotation(annotation, annotation.task, annotation.task.labelling, by=current_member)
    return _changed(annotation, "Annotation deleted", "annotation.restore_annotation")


@bp.post(f"{_ONE}/restoration")
@requires(P.REVIEW, load=annotation_of_task)
def restore_annotation(annotation: Annotation) -> Response:
    bring_back(annotation, annotation.task, annotation.task.labelling, by=current_member)
    return _changed(annotation, "The annotation is back", "annotation.destroy_annotation")


def _changed(annotation: Annotation, said: str, inverse: str) -> Response:
    task = annotation.task
    identifier, number = task.labelling.project.identifier, task.number
    if not wants_part():
        return go(url_for("annotation.show_task", identifier=identifier, number=number), said)
    undo = url_for(inverse, identifier=identifier, number=number, annotation_id=annotation.id)
    response = reply("annotation/tasks/changed.html", said=said, undo=undo)
    return trigger(response, moved={"topics": [f"task-{task.id}", f"labelling-{task.labelling_id}"]})
