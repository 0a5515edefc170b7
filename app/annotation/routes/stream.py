"""The stream: the next task, one's own history, and what is sent about them.

A GET hands a task out, and so holds it for a while: asking again gives the same one.
"""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request, url_for

from app.annotation.canvas import Canvas
from app.annotation.commands.annotations import revise_annotation
from app.annotation.commands.stream import (
    Overtaken,
    prolong,
    save_draft,
    skip_task,
    submit_annotation,
    take_next,
    take_task,
)
from app.annotation.config import LabelConfig, check_result, parse, tidy_result
from app.annotation.forms.stream import AnnotationForm
from app.annotation.models import Annotation, Labelling, Task, TaskLock
from app.annotation.policies import P
from app.annotation.queries.labellings import labelling_by_project
from app.annotation.queries.stream import (
    neighbours,
    own_annotation,
    own_draft,
    own_lock,
    progress_of,
    recent_work,
    task_of_stream,
    touched_task,
)
from app.annotation.routes import bp
from app.documents.commands import StaleEdit
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page, reply

_Found = tuple[Labelling, Task]


@bp.get("/projects/<identifier>/label")
@requires(P.ANNOTATE, load=labelling_by_project)
def show_stream(labelling: Labelling) -> Response:
    """The task that the member has begun, else the next; or why there is none."""
    shows(f"labelling-{labelling.id}")
    handed = take_next(labelling, by=current_member) if labelling.config else None
    if handed is None:
        return page("annotation/stream/nothing.html", **_around(labelling))
    said = own_annotation(handed.task, current_member)
    return page("annotation/stream/show.html", **_shown(labelling, handed.task, said, handed.lock))


@bp.get("/projects/<identifier>/label/progress")
@requires(P.ANNOTATE, load=labelling_by_project)
def show_progress(labelling: Labelling) -> Response:
    """How far all are; and whether the questions have changed since the page, of version `config`, was opened."""
    return reply("annotation/stream/progress.html", **_around(labelling), seen=request.args.get("config", ""))


@bp.get("/projects/<identifier>/label/skipped")
@requires(P.ANNOTATE, load=labelling_by_project)
def list_skipped(labelling: Labelling) -> Response:
    """What the member skipped, to come back to."""
    return page(
        "annotation/stream/skipped.html",
        labelling=labelling,
        recent=recent_work(labelling, current_member, skipped=True),
    )


@bp.get("/projects/<identifier>/label/<int:number>")
@requires(P.ANNOTATE, load=task_of_stream)
def show_own(found: _Found) -> Response:
    """A task of one's own history, to look at and change; or this very task, handed out to who may choose."""
    labelling, task = found
    shows(f"labelling-{labelling.id}", f"task-{task.id}")
    said = own_annotation(task, current_member)
    if said is not None and not said.was_cancelled:
        return page("annotation/stream/show.html", **_shown(labelling, task, said, None))
    if said is None and own_lock(task, current_member) is None and not current_member.may(P.VIEW_TASKS):
        raise NotFound
    handed = take_task(task, labelling, by=current_member) if labelling.config else None
    if handed is None and said is None:
        return page("annotation/stream/taken.html", **_around(labelling), task=task)
    return page("annotation/stream/show.html", **_shown(labelling, task, said, handed.lock if handed else None))


@bp.post("/projects/<identifier>/label/<int:number>")
@requires(P.ANNOTATE, load=touched_task)
def create_annotation(found: _Found) -> Response:
    """What is said about a task that was handed out (`token`), or said anew about one of one's own (`version`)."""
    labelling, task = found
    form, config = AnnotationForm(), parse(labelling.config)
    if not form.validate():
        return _refused(form, labelling, task, config, " ".join(_errors(form)))
    said = own_annotation(task, current_member)
    draft = own_draft(task, current_member)
    before = draft.result if draft else said.result if said else []
    result = form.answers(config, request.form, before)
    try:
        if form.token.data:
            sent = submit_annotation(
                task,
                labelling,
                config,
                result,
                by=current_member,
                token=form.token.data,
                seen_config=form.config.data or 0,
                seconds=form.seconds.data,
            )
            return go(_next(labelling), _extra(sent.annotation))
        if said is None or form.version.data is None:
            raise Refused(_("This annotation was deleted meanwhile, so nothing was saved."))
        revise_annotation(
            said,
            task,
            labelling,
            config,
            result,
            by=current_member,
            seen=form.version.data,
            seconds=form.seconds.data or 0.0,
        )
    except Overtaken as error:
        return _refused(form, labelling, task, config, str(error), result)
    except (Invalid, StaleEdit) as error:
        return _refused(form, labelling, task, config, str(error), result)
    return go(_next(labelling, said), _("Task %(number)s saved", number=task.number))


@bp.post("/projects/<identifier>/label/<int:number>/skip")
@requires(P.ANNOTATE, load=touched_task)
def create_skip(found: _Found) -> Response:
    """Rather not; with a reason, if there is one."""
    labelling, task = found
    form = AnnotationForm()
    if not form.validate():
        return _refused(form, labelling, task, parse(labelling.config), " ".join(_errors(form)))
    skip_task(
        task,
        labelling,
        by=current_member,
        token=form.token.data or "",
        reason=form.reason.data or "",
        seconds=form.seconds.data,
    )
    return go(_next(labelling), _("Task %(number)s skipped", number=task.number))


@bp.post("/projects/<identifier>/label/<int:number>/draft")
@requires(P.ANNOTATE, load=touched_task)
def keep_draft(found: _Found) -> Response:
    """Keep what is half-said, as the page does by itself. `X-Held` says whether the member still holds the task, and
    `X-Kept` names the draft that now stands.
    """
    labelling, task = found
    form, config = AnnotationForm(), parse(labelling.config)
    if not form.validate():
        raise Invalid(" ".join(_errors(form)))
    said = own_annotation(task, current_member)
    result = tidy_result(config, form.answers(config, request.form, []), task.data)
    if problems := check_result(config, result, task.data, complete=False):
        raise Invalid(problems[0], "result")
    held = save_draft(
        task,
        labelling,
        result,
        by=current_member,
        token=form.token.data or None,
        annotation=None if form.token.data else said,
        seconds=form.seconds.data or 0.0,
    )
    draft = own_draft(task, current_member)
    return _told(held, kept=str(draft.updated_at.timestamp()) if draft else "")


@bp.post("/projects/<identifier>/label/<int:number>/hold")
@requires(P.ANNOTATE, load=touched_task)
def create_hold(found: _Found) -> Response:
    """The page is in use: hold its task longer. `X-Held` says whether that could be."""
    labelling, task = found
    form = AnnotationForm()
    return _told(prolong(task, labelling, form.token.data or "", by=current_member))


def _told(held: bool, kept: str | None = None) -> Response:
    # 204 both ways: a refusal would roll the draft back.
    response = make_response("", 204)
    response.headers["X-Held"] = "yes" if held else "no"
    if kept is not None:
        response.headers["X-Kept"] = kept
    return response


def _next(labelling: Labelling, said: Annotation | None = None) -> str:
    """On: in one's own history, else to the next task."""
    identifier = labelling.project.identifier
    after = neighbours(labelling, current_member, said).after if said else None
    if after is not None:
        return url_for("annotation.show_own", identifier=identifier, number=after)
    return url_for("annotation.show_stream", identifier=identifier)


def _extra(annotation: Annotation) -> str | None:
    if annotation.extra:
        return "Others had finished this task meanwhile. Yours is kept as an extra."
    return None


def _errors(form: AnnotationForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _around(labelling: Labelling) -> dict[str, Any]:
    return {
        "labelling": labelling,
        "progress": progress_of(labelling, current_member),
        "recent": recent_work(labelling, current_member),
        "before": neighbours(labelling, current_member, None).before,
    }


def _shown(
    labelling: Labelling,
    task: Task,
    said: Annotation | None,
    lock: TaskLock | None,
    result: Any = None,
    problem: str = "",
    form: AnnotationForm | None = None,
) -> dict[str, Any]:
    """Everything around the canvas. A draft comes before what was said; what was just sent comes before both."""
    config = parse(labelling.config)
    draft = own_draft(task, current_member)
    standing = said.result if said else []
    shown = result if result is not None else draft.result if draft else standing
    fitting = [entry for entry in shown if not check_result(config, [entry], task.data, complete=False)]
    beside = neighbours(labelling, current_member, said)
    return {
        **_around(labelling),
        "task": task,
        "said": said,
        "lock": lock,
        "draft": draft,
        "problem": problem,
        "form": form or AnnotationForm(formdata=None),
        "dropped": len(shown) - len(fitting),
        "before": beside.before,
        "after": beside.after,
        "canvas": Canvas(config, task.data, fitting, fresh=said is None and draft is None and result is None),
    }


def _refused(
    form: AnnotationForm, labelling: Labelling, task: Task, config: LabelConfig, problem: str, result: Any = None
) -> Response:
    """The canvas as it was sent, and what is wrong with it."""
    shown = tidy_result(config, result, task.data)
    if not isinstance(shown, list) or not all(isinstance(entry, dict) for entry in shown):
        shown = None
    context = _shown(
        labelling, task, own_annotation(task, current_member), own_lock(task, current_member), shown, problem
    )
    context.pop("form")
    template = "annotation/stream/canvas.html" if wants_part() else "annotation/stream/show.html"
    return invalid(form, template, **context)
