"""Which newsletters one reads, and the link in each that ends it."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from app.accounts import limits
from app.accounts.commands import newsletters
from app.accounts.models import Topic
from app.accounts.own_forms import TOPICS, NewslettersForm
from app.accounts.routes import bp
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.web.guard import anyone, signed_in
from app.web.replies import go, invalid, page
from app.web.safety import csrf


@bp.get("/account/newsletters")
@signed_in
def show_newsletters() -> Response:
    reads = newsletters.topics_of(current_user.id)
    form = NewslettersForm(None, **{topic.value: topic in reads for topic in Topic})
    return page("accounts/newsletters.html", form=form)


@bp.post("/account/newsletters")
@signed_in
def update_newsletters() -> Response:
    form = NewslettersForm()
    if not form.validate():
        return invalid(form, "accounts/newsletters.html")
    newsletters.choose_topics(current_user.id, [topic for topic in Topic if form[topic.value].data])
    return go(url_for("accounts.show_newsletters"), _("Your newsletters are set."))


@bp.get("/account/newsletters/<token>")
@anyone
def show_unsubscription(token: str) -> Response:
    """Asks for a click: mail scanners follow links, too."""
    limits.try_link()
    return page("accounts/unsubscription.html", token=token, done=False, **_behind(token))


@bp.post("/account/newsletters/<token>")
@csrf.exempt
@anyone
def create_unsubscription(token: str) -> Response:
    """One click, by a person or by their mail program (RFC 8058): the token is all that it takes."""
    limits.try_link()
    behind = _behind(token)
    newsletters.unsubscribe(behind["user_id"], behind["topic"])
    return page("accounts/unsubscription.html", token=token, done=True, **behind)


def _behind(token: str) -> dict[str, Any]:
    found = newsletters.read_token(token)
    if found is None:
        raise NotFound(_("This link is not valid any more."))
    return {"user_id": found[0], "topic": found[1], "name": TOPICS[found[1]][0]}
