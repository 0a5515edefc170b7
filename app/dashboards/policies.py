"""Who sees what, and who makes it: sources and questions are open to all colleagues, a dashboard as it is shared."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, false, or_, select

from app.dashboards.models import Dashboard, DashboardShare, Permission, Question, Report, Sharing, Source
from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions, rule
from app.kernel.words import lazy
from app.organizations.models import Member


class P(StrEnum):
    VIEW_SOURCES = "source:view"
    EDIT_SOURCES = "source:edit"
    VIEW_QUESTIONS = "question:view"
    EDIT_QUESTIONS = "question:edit"


#: Everybody but customers and guests, who see only what is shared with them.
READERS = tuple(role for role in COLLEAGUES if role is not Role.GUEST)
#: Those who bring data in and build on it.
BUILDERS = (*ADMINS, Role.MANAGER, Role.ANALYST)

permissions(
    P,
    lazy("Data"),
    VIEW_SOURCES=lazy("see sources of data"),
    EDIT_SOURCES=lazy("bring in data and change sources"),
    VIEW_QUESTIONS=lazy("see questions and their answers"),
    EDIT_QUESTIONS=lazy("ask and save questions"),
)

grant(P.VIEW_SOURCES, *READERS)
grant(P.EDIT_SOURCES, *BUILDERS)
grant(P.VIEW_QUESTIONS, *READERS)
grant(P.EDIT_QUESTIONS, *BUILDERS)


def sources_visible_to(member: Member) -> ColumnElement[bool]:
    """Every source of the organization that was not deleted, for those who may see sources at all."""
    return Source.deleted_at.is_(None) if member.may(P.VIEW_SOURCES) else false()


def questions_visible_to(member: Member) -> ColumnElement[bool]:
    """Every question; what its answer counts is decided for each reader, by the rows that they may see."""
    return Question.deleted_at.is_(None) if member.may(P.VIEW_QUESTIONS) else false()


class D(StrEnum):
    """Dashboards and their reports."""

    VIEW = "dashboard:view"
    CREATE = "dashboard:create"
    EDIT = "dashboard:edit"
    #: Whom it is open to, and whether it is there at all: its owner's affair, and admins'.
    MANAGE = "dashboard:manage"
    #: Make reports of a dashboard, change and send them.
    REPORT = "dashboard:report"


permissions(
    D,
    lazy("Dashboards"),
    VIEW=lazy("see dashboards that are shared with them"),
    CREATE=lazy("make dashboards"),
    EDIT=lazy("edit dashboards that they may edit"),
    MANAGE=lazy("share and delete their own dashboards"),
    REPORT=lazy("send reports by mail"),
)

grant(D.VIEW, *READERS)
grant(D.CREATE, *BUILDERS)
grant(D.EDIT, *STAFF)
grant(D.MANAGE, *STAFF)
grant(D.REPORT, *STAFF)


def dashboards_visible_to(member: Member) -> ColumnElement[bool]:
    """What is open to the organization, one's own, and what is shared with one; nobody sees deleted ones here."""
    return Dashboard.deleted_at.is_(None) & dashboards_open_to(member)


def dashboards_open_to(member: Member) -> ColumnElement[bool]:
    """The same, deleted ones too."""
    if not member.may(D.VIEW):
        return false()
    shared = select(DashboardShare.dashboard_id).where(DashboardShare.member_id == member.id)
    return or_(Dashboard.sharing == Sharing.ORGANIZATION, Dashboard.owner_id == member.id, Dashboard.id.in_(shared))


@rule(D.EDIT)
def may_edit(member: Member, dashboard: Dashboard) -> bool:
    """Its owner, admins, and those with whom it is shared for editing."""
    return member.may(D.EDIT) and (_is_theirs(member, dashboard) or dashboard.permission_of(member) is Permission.EDIT)


@rule(D.MANAGE)
def may_manage(member: Member, dashboard: Dashboard) -> bool:
    return member.may(D.MANAGE) and _is_theirs(member, dashboard)


@rule(D.REPORT)
def may_report(member: Member, subject: Dashboard | Report) -> bool:
    """Of a dashboard, or a report of one: whoever may change the dashboard."""
    return may_edit(member, subject.dashboard if isinstance(subject, Report) else subject)


def _is_theirs(member: Member, dashboard: Dashboard) -> bool:
    return dashboard.owner_id == member.id or member.role in ADMINS


def reports_visible_to(member: Member) -> ColumnElement[bool]:
    """The reports of the dashboards that a member sees."""
    seen = select(Dashboard.id).where(dashboards_visible_to(member))
    return Report.deleted_at.is_(None) & Report.dashboard_id.in_(seen)
