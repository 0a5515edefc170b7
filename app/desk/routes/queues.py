"""The settings of queues."""

from __future__ import annotations

from flask import Response, url_for

from app.desk.commands import queues as commands
from app.desk.forms import QueueForm
from app.desk.models import Queue
from app.desk.policies import P
from app.desk.queries.queues import counted_queues, queue_by_id
from app.desk.routes import bp
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page


@bp.get("/settings/queues")
@requires(P.MANAGE_QUEUES)
def list_queues() -> Response:
    return page("desk/queues/index.html", queues=counted_queues())


@bp.get("/settings/queues/new")
@requires(P.MANAGE_QUEUES)
def new_queue() -> Response:
    return page("desk/queues/new.html", form=QueueForm(formdata=None))


@bp.post("/settings/queues")
@requires(P.MANAGE_QUEUES)
def create_queue() -> Response:
    form = QueueForm()
    if not form.validate():
        return invalid(form, "desk/queues/new.html")
    try:
        queue = commands.create_queue(form.draft(), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "desk/queues/new.html")
    return go(url_for("desk.list_queues"), _("%(name)s made", name=queue.name))


@bp.get("/settings/queues/<int:queue_id>")
@requires(P.MANAGE_QUEUES, load=queue_by_id)
def edit_queue(queue: Queue) -> Response:
    return page("desk/queues/edit.html", queue=queue, form=QueueForm.of(queue))


@bp.post("/settings/queues/<int:queue_id>")
@requires(P.MANAGE_QUEUES, load=queue_by_id)
def update_queue(queue: Queue) -> Response:
    form = QueueForm()
    if not form.validate():
        return invalid(form, "desk/queues/edit.html", queue=queue)
    try:
        commands.edit_queue(queue, form.draft(), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "desk/queues/edit.html", queue=queue)
    except Refused as error:
        form.is_default.errors = [*form.is_default.errors, str(error)]
        return invalid(form, "desk/queues/edit.html", queue=queue)
    return go(url_for("desk.list_queues"), _("Saved"))


@bp.post("/settings/queues/<int:queue_id>/archiving")
@requires(P.MANAGE_QUEUES, load=queue_by_id)
def create_archiving(queue: Queue) -> Response:
    commands.archive_queue(queue, by=current_member)
    return go(url_for("desk.list_queues"), _("%(name)s archived", name=queue.name))


@bp.post("/settings/queues/<int:queue_id>/restoration")
@requires(P.MANAGE_QUEUES, load=queue_by_id)
def destroy_archiving(queue: Queue) -> Response:
    commands.restore_queue(queue, by=current_member)
    return go(url_for("desk.list_queues"), _("%(name)s is back", name=queue.name))
