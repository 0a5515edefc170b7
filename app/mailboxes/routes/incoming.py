"""What came in, what became of it, and a decision where nothing could."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.kernel.words import gettext as _
from app.mailboxes import queries
from app.mailboxes.commands import dismiss_mails, file_again
from app.mailboxes.forms import DecisionForm
from app.mailboxes.models import Fate, IncomingMail
from app.mailboxes.policies import P
from app.mailboxes.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.urls import whole


@bp.get("/incoming")
@requires(P.VIEW)
def list_incoming() -> Response:
    only = request.args.get("only", "all")
    only = only if only in queries.INCOMING_FILTERS else "all"
    mails = queries.incoming(only, below=request.args.get("below", type=whole))
    return page(
        "mailboxes/incoming/_rows.html" if "below" in request.args else "mailboxes/incoming/index.html",
        mails=mails[: queries.PAGE],
        only=only,
        more=len(mails) > queries.PAGE,
    )


@bp.get("/incoming/<int:mail_id>")
@requires(P.VIEW, load=queries.incoming_by_id)
def show_incoming(mail: IncomingMail) -> Response:
    return page("mailboxes/incoming/show.html", **_shown(mail, DecisionForm()))


@bp.post("/incoming/<int:mail_id>/filing")
@requires(P.FILE, load=queries.incoming_by_id)
def file_incoming(mail: IncomingMail) -> Response:
    form = DecisionForm()
    if not form.validate():
        return invalid(form, "mailboxes/incoming/show.html", **{**_shown(mail, form), "form": form})
    file_again(mail, anyway=bool(form.anyway.data), by=current_member)
    return go(url_for("mailboxes.show_incoming", mail_id=mail.id), _("The mail is being filed again."))


@bp.post("/incoming/<int:mail_id>/dismissal")
@requires(P.FILE, load=queries.incoming_by_id)
def dismiss_incoming(mail: IncomingMail) -> Response:
    dismiss_mails([mail], by=current_member)
    return go(url_for("mailboxes.list_incoming", only="trouble"), _("Dismissed: the mail is no work."))


def _shown(mail: IncomingMail, form: DecisionForm) -> dict[str, Any]:
    raw, more = queries.raw_text(mail)
    return {"mail": mail, "raw": raw, "more": more, "form": form, "open": mail.fate not in (Fate.FILED, Fate.RECEIVED)}
