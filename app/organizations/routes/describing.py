"""The page of a member: what is known of them, and what they may do for a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for

from app.accounts.security import note_event
from app.kernel import access
from app.kernel.access import allows
from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.organizations.commands import grant_permission, revoke_grants
from app.organizations.commands.members import set_availability
from app.organizations.commands.skills import add_certification, remove_certification, remove_skill, set_skill
from app.organizations.days import today
from app.organizations.forms import RoleForm
from app.organizations.groups.queries import teams_with
from app.organizations.member_forms import AvailabilityForm, CertificationForm, GrantForm, SkillForm
from app.organizations.models import Availability, Level, Member, MemberCertification, MemberSkill
from app.organizations.policies import MEANS, NAMES, P, may_give_own
from app.organizations.queries import member_by_id
from app.organizations.queries.members import certifications_of, part_of, skills_of
from app.organizations.queries.roles import grant_by_id, grants_of, list_roles, own_roles, permissions_of_all
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, page
from app.web.urls import TENANT

_TEMPLATE = "organizations/members/show.html"
_ONE = f"{TENANT}/settings/members/<int:member_id>"


@bp.post(f"{_ONE}/availability")
@requires(P.DESCRIBE, load=member_by_id)
def update_availability(member: Member) -> Any:
    form = AvailabilityForm()
    return _saved(
        member,
        "availability_form",
        form,
        lambda: set_availability(
            member,
            Availability(form.availability.data),
            until=form.away_until.data,
            most_tickets=form.most_tickets.data,
            by=current_member,
        ),
        _("Saved."),
    )


@bp.post(f"{_ONE}/skills")
@requires(P.DESCRIBE, load=member_by_id)
def create_skill(member: Member) -> Any:
    form = SkillForm().with_ids("skill")
    return _saved(
        member,
        "skill_form",
        form,
        lambda: set_skill(member, form.name.data or "", Level(form.level.data), by=current_member),
        _("The skill is noted."),
    )


@bp.post(f"{_ONE}/skills/<int:skill_id>/deletion")
@requires(P.DESCRIBE, load=member_by_id)
def destroy_skill(member: Member, skill_id: int) -> Any:
    remove_skill(part_of(member, MemberSkill, skill_id), of=member, by=current_member)
    return go(_page_of(member), _("The skill is taken away."))


@bp.post(f"{_ONE}/certifications")
@requires(P.DESCRIBE, load=member_by_id)
def create_certification(member: Member) -> Any:
    form = CertificationForm().with_ids("certification")
    return _saved(
        member,
        "certification_form",
        form,
        lambda: add_certification(member, form.name.data or "", form.expires_on.data, by=current_member),
        _("The certification is noted."),
    )


@bp.post(f"{_ONE}/certifications/<int:certification_id>/deletion")
@requires(P.DESCRIBE, load=member_by_id)
def destroy_certification(member: Member, certification_id: int) -> Any:
    remove_certification(part_of(member, MemberCertification, certification_id), of=member, by=current_member)
    return go(_page_of(member), _("The certification is taken away."))


@bp.post(f"{_ONE}/grants")
@requires(P.GRANT, load=member_by_id)
def create_grant(member: Member) -> Any:
    """One permission for a time."""
    form = GrantForm(current_member, member)

    def grant() -> None:
        until = form.until
        grant_permission([member], form.permission.data, until=until, reason=form.reason.data or "", by=current_member)
        note_event(
            "grant.created",
            user_id=current_member.user_id,
            member=member.id,
            permission=form.permission.data,
            until=until.isoformat() if until else None,
        )

    return _saved(member, "grant_form", form, grant, _("%(who)s may do this now.", who=member.name))


@bp.post(f"{_ONE}/grants/<int:grant_id>/revocation")
@requires(P.GRANT, load=member_by_id)
def revoke_grant(member: Member, grant_id: int) -> Any:
    grant = grant_by_id(member.id, grant_id)
    revoke_grants([grant], by=current_member)
    note_event("grant.revoked", user_id=current_member.user_id, member=member.id, permission=grant.permission)
    return go(_page_of(member), _("The permission is taken back."))


def about_member(member: Member, *, form: Any = None, **forms: Any) -> dict[str, Any]:
    """All that the page of a member shows. A fixed number of statements."""
    own = own_roles([member.custom_role_id])
    told: dict[str, Any] = {
        "member": member,
        "own": own,
        "names": NAMES,
        "means": MEANS,
        "teams": teams_with(member, seen_by=current_member),
        "skills": skills_of(member),
        "certifications": certifications_of(member),
        "today": today(),
        "allows": allows,
        "form": None,
        "grants": (),
        "grant_form": None,
        "availability_form": AvailabilityForm(formdata=None, obj=member),
        "skill_form": SkillForm(formdata=None).with_ids("skill"),
        "certification_form": CertificationForm(formdata=None).with_ids("certification"),
    }
    if access.may(current_member, P.EDIT_MEMBERS, member):
        allowed, roles = permissions_of_all(), list_roles()
        given = [role for role in roles if may_give_own(current_member, role, allowed.get(role.id, frozenset()))]
        present = f"own-{member.custom_role_id}" if member.custom_role_id else member.role.value
        told["form"] = form or RoleForm(current_member, given, formdata=None, data={"role": present})
    if access.may(current_member, P.GRANT, member) or member.id == current_member.id:
        told["grants"] = grants_of(member)
    if access.may(current_member, P.GRANT, member):
        told["grant_form"] = GrantForm(current_member, member, formdata=None)
    return {**told, **forms}


def _saved(member: Member, name: str, form: Any, command: Callable[[], Any], said: str) -> Any:
    """What was typed on the page of a member is done, or shown again there with what is wrong."""
    if form.validate():
        try:
            command()
        except Refused as error:
            if error.status not in (409, 422):
                raise
            field = getattr(error, "field", None)
            form[field if field in form else next(iter(form._fields))].errors = [str(error)]
        else:
            return go(_page_of(member), said)
    return page(_TEMPLATE, status=422, **about_member(member, **{name: form}))


def _page_of(member: Member) -> str:
    return url_for("organizations.show_member", member_id=member.id)
