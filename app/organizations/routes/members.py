"""Who is here, in which role, and who goes."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.accounts.security import note_event
from app.kernel.access import Role
from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.kernel.words import ngettext
from app.organizations import leaving
from app.organizations.commands import change_roles, leave, make_owner, remove_members
from app.organizations.commands.undoing import undo_membership
from app.organizations.forms import MembersForm, RoleForm
from app.organizations.member_forms import HandingOverForm, OwnerForm
from app.organizations.models import CustomRole, Member
from app.organizations.policies import MEANS, NAMES, P, given_by, may_give_own, members_visible_to
from app.organizations.queries import MEMBERS_A_PAGE, count_members, list_members, member_by_id, members_by_ids
from app.organizations.queries.defaults import possible_assignees
from app.organizations.queries.members import Sieve, teams_to_choose
from app.organizations.queries.roles import list_roles, own_roles, permissions_of_all
from app.organizations.queries.undoing import just_recorded, membership_to_undo
from app.organizations.routes import bp
from app.organizations.routes.describing import about_member
from app.web.current import current_member, current_organization
from app.web.guard import recently_proved, requires
from app.web.htmx import is_htmx
from app.web.replies import go, invalid, page, reply
from app.web.urls import TENANT


@bp.get(f"{TENANT}/settings/members", endpoint="list_members")
@requires(P.VIEW_MEMBERS)
def index() -> Any:
    """People by name, fifty a page; `after` is the last name and number of the page before."""
    name, _sign, number = request.args.get("after", "").rpartition("~")
    after = (name, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None
    sieve = Sieve.of(request.args)
    seen = members_visible_to(current_member) & sieve.clause()
    found = list_members(seen, after=after)
    shown, last = found[:MEMBERS_A_PAGE], found[MEMBERS_A_PAGE - 1] if len(found) > MEMBERS_A_PAGE else None
    further: dict[str, Any] = {"after": f"{last.name.lower()}~{last.id}", **sieve.query} if last else {}
    more = url_for("organizations.list_members", **further) if further else None
    roles = list_roles()
    told: dict[str, Any] = {"members": shown, "more": more, "own": {role.id: role for role in roles}}
    if after and is_htmx():
        return page("organizations/members/_more.html", **told)
    told.update(count=count_members(sieve.clause()), sieve=sieve, own_roles=roles, names=NAMES, teams=teams_to_choose())
    return page("organizations/members/index.html", **told)


@bp.get(f"{TENANT}/settings/members/<int:member_id>")
@requires(P.VIEW_MEMBERS, load=member_by_id)
def show_member(member: Member) -> Any:
    return page("organizations/members/show.html", **about_member(member))


@bp.get(f"{TENANT}/settings/members/role")
@requires(P.EDIT_MEMBERS)
def show_roles() -> Any:
    """The choices of the menu, for the members it was opened for."""
    form = MembersForm(request.args, meta={"csrf": False})
    members = members_by_ids(current_member, form.ids.data or [])
    built_in = [role for role in given_by(current_member) if role is not Role.OWNER]
    given: list[tuple[Any, ...]] = [(role.value, NAMES[role], MEANS[role], None, role) for role in built_in]
    given += [(f"own-{role.id}", role.name, role.description, role.id, role.base) for role in _given_own()]
    return page("organizations/members/_roles.html", members=members, roles=given)


@bp.post(f"{TENANT}/settings/members/role")
@requires(P.EDIT_MEMBERS)
def update_roles() -> Any:
    form = RoleForm(current_member, _given_own())
    members = members_by_ids(current_member, form.ids.data or [])
    if not form.validate():
        if len(members) == 1:
            return page("organizations/members/show.html", status=422, **about_member(members[0], form=form))
        return invalid(form, "organizations/members/_refused.html")
    role = form.chosen
    change_roles(members, role, by=current_member)
    called = role.name if isinstance(role, CustomRole) else str(NAMES[role])
    note_event("role.changed", user_id=current_member.user_id, members=[row.id for row in members], role=called)
    return _changed(members, f"{_names(members)}: {called}.")


@bp.post(f"{TENANT}/settings/members/removal")
@requires(P.EDIT_MEMBERS)
def destroy_members() -> Any:
    form = MembersForm()
    members = members_by_ids(current_member, form.ids.data or [])
    if not form.validate():
        return invalid(form, "organizations/members/_refused.html")
    remove_members(members, by=current_member)
    note_event("member.removed", user_id=current_member.user_id, members=[row.id for row in members])
    return _changed(members, _("%(who)s can no longer come in.", who=_names(members)))


@bp.post(f"{TENANT}/settings/members/changes/<int:activity_id>/undo")
@requires(P.EDIT_MEMBERS)
def undo_members(activity_id: int) -> Any:
    """Take back what one just did to roles, or a removal."""
    activity, members = membership_to_undo(current_member, activity_id)
    undo_membership(activity, members, by=current_member)
    return go(url_for("organizations.list_members"), _("Taken back."))


@bp.get(f"{TENANT}/settings/members/<int:member_id>/removal")
@requires(P.EDIT_MEMBERS, load=member_by_id)
def new_removal(member: Member) -> Any:
    """What somebody holds, and who gets it."""
    return _removal(member, _successors(member, None))


@bp.post(f"{TENANT}/settings/members/<int:member_id>/removal")
@requires(P.EDIT_MEMBERS, load=member_by_id)
def create_removal(member: Member) -> Any:
    form = _successors(member, request.form)
    if not form.validate():
        return _removal(member, form, status=422)
    chosen = members_by_ids(current_member, [form.successor.data]) if form.successor.data else []
    remove_members([member], by=current_member)
    leaving.hand_over(member, chosen[0] if chosen else None, by=current_member)
    note_event("member.removed", user_id=current_member.user_id, members=[member.id])
    said = _("%(who)s can no longer come in.", who=member.name)
    return go(url_for("organizations.list_members"), said)


@bp.get(f"{TENANT}/settings/departure")
@requires(P.LEAVE)
def new_departure() -> Any:
    """What oneself holds, and who gets it."""
    return _removal(current_member._get_current_object(), _successors(current_member, None))


@bp.post(f"{TENANT}/settings/departure")
@requires(P.LEAVE)
def create_departure() -> Any:
    """One's own way out."""
    member = current_member._get_current_object()
    form = _successors(member, request.form)
    chosen: list[Member] = []
    if form.successor.raw_data:
        if not form.validate():
            return _removal(member, form, status=422)
        chosen = members_by_ids(member, [form.successor.data]) if form.successor.data else []
    leave(member)
    leaving.hand_over(member, chosen[0] if chosen else None, by=member)
    return go(url_for("organizations.index"), _("You have left %(name)s.", name=current_organization.name))


@bp.get(f"{TENANT}/settings/ownership")
@requires(P.TRANSFER)
@recently_proved
def new_owner() -> Any:
    return page("organizations/members/owner.html", form=OwnerForm(formdata=None), people=_others())


@bp.post(f"{TENANT}/settings/ownership")
@requires(P.TRANSFER)
@recently_proved
def create_owner() -> Any:
    """Make another owner, and step down oneself if one wants to."""
    form = OwnerForm()
    if not form.validate():
        return invalid(form, "organizations/members/owner.html", people=_others())
    member = member_by_id(current_member, form.member.data)
    try:
        make_owner(member, stepping_down=form.stepping_down.data, by=current_member._get_current_object())
    except Refused as refusal:
        if refusal.status == 403:
            raise
        form.member.errors = [str(refusal)]
        return invalid(form, "organizations/members/owner.html", people=_others())
    note_event("organization.owner_made", user_id=current_member.user_id, member=member.id)
    return go(url_for("organizations.list_members"), _("%(who)s is an owner now.", who=member.name))


def _given_own() -> list[CustomRole]:
    """The organization's own roles that the member may give."""
    allowed = permissions_of_all()
    return [role for role in list_roles() if may_give_own(current_member, role, allowed.get(role.id, frozenset()))]


def _successors(member: Member, formdata: Any) -> HandingOverForm:
    others = [(person.id, person.name) for person in possible_assignees() if person.id != member.id]
    return HandingOverForm(others, formdata=formdata)


def _removal(member: Member, form: HandingOverForm, *, status: int = 200) -> Any:
    held = leaving.holdings_of(member)
    return page("organizations/members/removal.html", status=status, member=member, form=form, held=held)


def _others() -> list[Member]:
    return [person for person in possible_assignees() if person.user_id and person.id != current_member.id]


def _changed(members: list[Member], says: str) -> Any:
    if is_htmx():
        own = own_roles([member.custom_role_id for member in members])
        template = "organizations/members/update.html"
        return reply(template, members=members, own=own, says=says, count=count_members(), undo=_undo())
    return go(url_for("organizations.list_members"), says)


def _undo() -> str | None:
    """Where what was just done is taken back."""
    done = just_recorded()
    return url_for("organizations.undo_members", activity_id=done) if done else None


def _names(members: list[Member]) -> str:
    return members[0].name if len(members) == 1 else ngettext("%(num)s person", "%(num)s people", len(members))
