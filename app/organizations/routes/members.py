"""Who is here, in which role, and who goes."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.organizations.commands import change_roles, leave, remove_members
from app.organizations.forms import MembersForm, RoleForm
from app.organizations.models import Member
from app.organizations.policies import MEANS, P, given_by, members_visible_to
from app.organizations.queries import MEMBERS_A_PAGE, count_members, list_members, member_by_id, members_by_ids
from app.organizations.routes import bp
from app.web.current import current_member, current_organization
from app.web.guard import requires
from app.web.htmx import is_htmx
from app.web.replies import go, invalid, page, reply
from app.web.urls import TENANT


@bp.get(f"{TENANT}/settings/members", endpoint="list_members")
@requires(P.VIEW_MEMBERS)
def index() -> Any:
    """People by name, fifty a page; `after` is the last name and number of the page before."""
    name, _, number = request.args.get("after", "").rpartition("~")
    after = (name, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None
    found = list_members(members_visible_to(current_member), after=after)
    shown, last = found[:MEMBERS_A_PAGE], found[MEMBERS_A_PAGE - 1] if len(found) > MEMBERS_A_PAGE else None
    more = url_for("organizations.list_members", after=f"{last.name.lower()}~{last.id}") if last else None
    template = "organizations/members/_more.html" if after and is_htmx() else "organizations/members/index.html"
    return page(template, members=shown, more=more, count=count_members())


@bp.get(f"{TENANT}/settings/members/<int:member_id>")
@requires(P.VIEW_MEMBERS, load=member_by_id)
def show_member(member: Member) -> Any:
    form = RoleForm(current_member, data={"role": member.role.value})
    return page("organizations/members/show.html", member=member, form=form, means=MEANS)


@bp.get(f"{TENANT}/settings/members/role")
@requires(P.EDIT_MEMBERS)
def show_roles() -> Any:
    """The choices of the menu, for the members it was opened for."""
    form = MembersForm(request.args, meta={"csrf": False})
    members = members_by_ids(current_member, form.ids.data or [])
    return page("organizations/members/_roles.html", members=members, roles=given_by(current_member), means=MEANS)


@bp.post(f"{TENANT}/settings/members/role")
@requires(P.EDIT_MEMBERS)
def update_roles() -> Any:
    form = RoleForm(current_member)
    members = members_by_ids(current_member, form.ids.data or [])
    if not form.validate():
        if len(members) == 1:
            return invalid(form, "organizations/members/show.html", member=members[0], means=MEANS)
        return invalid(form, "organizations/members/_refused.html")
    change_roles(members, form.role.data and type(members[0].role)(form.role.data), by=current_member)
    return _changed(members, f"{_names(members)}: {form.role.data}.")


@bp.post(f"{TENANT}/settings/members/removal")
@requires(P.EDIT_MEMBERS)
def destroy_members() -> Any:
    form = MembersForm()
    members = members_by_ids(current_member, form.ids.data or [])
    if not form.validate():
        return invalid(form, "organizations/members/_refused.html")
    remove_members(members, by=current_member)
    return _changed(members, f"{_names(members)} can no longer come in.")


@bp.post(f"{TENANT}/settings/departure")
@requires(P.LEAVE)
def create_departure() -> Any:
    """One's own way out."""
    leave(current_member._get_current_object())
    return go(url_for("organizations.index"), f"You have left {current_organization.name}.")


def _changed(members: list[Member], says: str) -> Any:
    if is_htmx():
        return reply("organizations/members/update.html", members=members, says=says, count=count_members())
    return go(url_for("organizations.list_members"), says)


def _names(members: list[Member]) -> str:
    return members[0].name if len(members) == 1 else f"{len(members)} people"
