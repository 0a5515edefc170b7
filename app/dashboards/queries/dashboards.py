"""Finding dashboards and their widgets."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.dashboards.models import Dashboard, DashboardShare, Question, Widget
from app.dashboards.policies import dashboards_open_to, dashboards_visible_to, questions_visible_to
from app.kernel.access import ADMINS
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.ledger import Activity
from app.kernel.words import gettext as _
from app.organizations.models import Kind, Member

#: Dashboards of a list on one page.
LIST = 60
#: Questions that the chooser offers.
OFFERED = 50


def dashboard_by_number(member: Member, number: int) -> Dashboard:
    """A dashboard with its owner and shares. Two statements; NotFound when it is not the member's to see."""
    return _one(select(Dashboard).where(dashboards_visible_to(member), Dashboard.number == number))


def deleted_dashboard(member: Member, number: int) -> Dashboard:
    """A dashboard in the bin, for its owner and admins who saw it."""
    wanted = select(Dashboard).where(Dashboard.deleted_at.is_not(None), Dashboard.number == number)
    wanted = wanted.where(dashboards_open_to(member))
    found = _one(wanted)
    if found.owner_id != member.id and member.role not in ADMINS:
        raise NotFound
    return found


def _one(wanted: object) -> Dashboard:
    found = db.session.scalar(
        wanted.options(  # type: ignore[attr-defined]
            joinedload(Dashboard.owner), selectinload(Dashboard.shares).joinedload(DashboardShare.member)
        )
    )
    if found is None:
        raise NotFound
    return found


def list_of_dashboards(member: Member, *, after: str = "", after_id: int = 0) -> Sequence[Dashboard]:
    """Sixty dashboards by name, and one that tells whether there are more. One statement."""
    wanted = select(Dashboard).where(dashboards_visible_to(member)).options(joinedload(Dashboard.owner))
    if after_id:
        wanted = wanted.where((Dashboard.name > after) | ((Dashboard.name == after) & (Dashboard.id > after_id)))
    return db.session.scalars(wanted.order_by(Dashboard.name, Dashboard.id).limit(LIST + 1)).all()


def deleted_dashboards(member: Member) -> Sequence[Dashboard]:
    """What is in the bin and the member may take out of it. One statement."""
    wanted = select(Dashboard).where(Dashboard.deleted_at.is_not(None), dashboards_open_to(member))
    if member.role not in ADMINS:
        wanted = wanted.where(Dashboard.owner_id == member.id)
    return db.session.scalars(wanted.order_by(Dashboard.deleted_at.desc(), Dashboard.id).limit(50)).all()


def widget_counts(dashboards: Sequence[Dashboard]) -> dict[int, int]:
    """{dashboard id: how many widgets}. One statement."""
    rows = db.session.execute(
        select(Widget.dashboard_id, func.count())
        .where(Widget.dashboard_id.in_([dashboard.id for dashboard in dashboards]), Widget.deleted_at.is_(None))
        .group_by(Widget.dashboard_id)
    )
    return {row[0]: row[1] for row in rows}


def widgets_of(dashboard: Dashboard) -> Sequence[Widget]:
    """In reading order, with their questions. One statement."""
    return db.session.scalars(
        select(Widget)
        .where(Widget.dashboard_id == dashboard.id, Widget.deleted_at.is_(None))
        .options(joinedload(Widget.question))
        .order_by(Widget.y, Widget.x, Widget.id)
    ).all()


def widget_of(dashboard: Dashboard, widget_id: int) -> Widget:
    """Raises NotFound for what is not on this dashboard (any more)."""
    found = db.session.scalar(
        select(Widget)
        .where(Widget.dashboard_id == dashboard.id, Widget.id == widget_id, Widget.deleted_at.is_(None))
        .options(joinedload(Widget.question))
    )
    if found is None:
        raise NotFound(_("This widget was taken off meanwhile."))
    return found


def question_for(member: Member, question_id: int) -> Question:
    """A question to put on a dashboard. NotFound when it is not the member's to see."""
    found = db.session.scalar(select(Question).where(questions_visible_to(member), Question.id == question_id))
    if found is None:
        raise NotFound
    return found


def questions_to_add(member: Member) -> Sequence[Question]:
    """What the chooser offers, by name. One statement."""
    wanted = select(Question).where(questions_visible_to(member)).order_by(Question.name, Question.id)
    return db.session.scalars(wanted.limit(OFFERED)).all()


def change_of(dashboard: Dashboard, activity_id: int) -> Activity:
    """What somebody did to this very dashboard. Raises NotFound."""
    found = db.session.scalar(
        select(Activity).where(
            Activity.id == activity_id, Activity.noun == "dashboard", Activity.subject_id == dashboard.id
        )
    )
    if found is None:
        raise NotFound
    return found


def last_change_of(dashboard: Dashboard) -> int | None:
    """The number of the latest activity on it."""
    return db.session.scalar(
        select(Activity.id)
        .where(Activity.noun == "dashboard", Activity.subject_id == dashboard.id)
        .order_by(Activity.id.desc())
        .limit(1)
    )


def colleagues(ids: Collection[int] | None = None) -> Sequence[Member]:
    """People who work here, by name; of some ids only those that are such people. One statement."""
    wanted = select(Member).where(Member.kind == Kind.PERSON, Member.left_at.is_(None))
    if ids is not None:
        wanted = wanted.where(Member.id.in_(ids))
    found = db.session.scalars(wanted.order_by(func.lower(Member.name), Member.id).limit(500)).all()
    return [member for member in found if member.is_colleague]
