"""Accounts and their browsers."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_login import current_user

from app.accounts.sessions import browsers_of
from app.kernel.words import gettext as _
from app.operating import commands, queries
from app.operating.guard import operator
from app.operating.routes import bp
from app.web.replies import go, page
from app.web.urls import whole


def search() -> str:
    """What is looked for, of a reasonable length."""
    return request.args.get("search", "").strip()[:100]


@bp.get("/users")
@operator
def list_users() -> Response:
    found = queries.people(search(), below=request.args.get("below", type=whole))
    template = "operating/users/_rows.html" if "below" in request.args else "operating/users/index.html"
    return page(template, people=found[: queries.PAGE], search=search(), more=len(found) > queries.PAGE)


@bp.get("/users/<int:user_id>")
@operator
def show_user(user_id: int) -> Response:
    person = queries.person(user_id)
    return page(
        "operating/users/show.html",
        person=person,
        browsers=browsers_of(person.id),
        memberships=queries.memberships(person.id),
    )


@bp.post("/users/<int:user_id>/sign-out")
@operator
def destroy_sessions(user_id: int) -> Response:
    commands.sign_out_everywhere(queries.person(user_id), by=current_user.id)
    return go(url_for("operating.show_user", user_id=user_id), _("Signed out everywhere."))


@bp.post("/users/<int:user_id>/shutting")
@operator
def create_shutting(user_id: int) -> Response:
    commands.shut_account(queries.person(user_id), by=current_user.id)
    return go(url_for("operating.show_user", user_id=user_id), _("The account is shut."))


@bp.post("/users/<int:user_id>/opening")
@operator
def create_opening(user_id: int) -> Response:
    commands.open_account(queries.person(user_id), by=current_user.id)
    return go(url_for("operating.show_user", user_id=user_id), _("The account is open."))


@bp.post("/users/<int:user_id>/<any(promotion, demotion):what>")
@operator
def update_operator(user_id: int, what: str) -> Response:
    commands.set_operator(queries.person(user_id), what == "promotion", by=current_user.id)
    return go(url_for("operating.show_user", user_id=user_id), _("Saved."))
