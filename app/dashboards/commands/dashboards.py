"""What is done to dashboards: made, named, shared, deleted, restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select

from app.dashboards import events
from app.dashboards.models import Dashboard, DashboardShare, Permission, Report, Sharing
from app.dashboards.runs import stop_timer
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ledger import change
from app.kernel.numbers import next_numbers
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Dashboards an organization may keep, and members one may be shared with.
MOST = 1000
SHARES_MOST = 200


def create_dashboard(
    name: str, *, description: str = "", sharing: Sharing = Sharing.ORGANIZATION, by: Member
) -> Dashboard:
    """An empty dashboard of one's own. Raises Invalid when there are too many."""
    held = db.session.scalar(select(func.count()).select_from(Dashboard).where(Dashboard.deleted_at.is_(None))) or 0
    if held >= MOST:
        raise Invalid(
            _("There are %(most)s dashboards already. Delete some that nobody reads any more.", most=f"{MOST:,}"),
            "name",
        )
    dashboard = Dashboard(
        number=next_numbers("dashboard")[0], name=name, description=description, sharing=sharing, owner=by
    )
    db.session.add(dashboard)
    ledger.record_created(events.DASHBOARD_CREATED, [dashboard], by=by)
    watch([dashboard], [by])
    live.touch("dashboards")
    return dashboard


def edit_dashboard(dashboard: Dashboard, *, name: str, description: str, sharing: Sharing, by: Actor) -> None:
    """Name it, say what it is for, and whether everybody sees it."""
    with change(dashboard, event=events.DASHBOARD_EDITED, by=by):
        dashboard.name, dashboard.description, dashboard.sharing = name, description, sharing
    live.touch(f"dashboard-{dashboard.id}", "dashboards")


def share_dashboard(dashboard: Dashboard, members: Sequence[Member], permission: Permission, *, by: Member) -> None:
    """Open it to members, or change what they may do. The owner needs no share. Raises Invalid for too many."""
    db.session.scalar(select(Dashboard.id).where(Dashboard.id == dashboard.id).with_for_update())
    shares = _shares_of(dashboard)
    old = _said(shares)
    for member in members:
        if member.id == dashboard.owner_id:
            continue
        share = shares.get(member.id)
        if share is None:
            share = DashboardShare(dashboard_id=dashboard.id, member_id=member.id, shared_by_id=by.id)
            db.session.add(share)
            shares[member.id] = share
        share.permission = permission
    if len(shares) > SHARES_MOST:
        raise Invalid(
            _(
                "At most %(shares_most)s people, please. Open it to the whole organization instead.",
                shares_most=SHARES_MOST,
            ),
            "ids",
        )
    db.session.flush()
    _record_shares(dashboard, old, _said(shares), by)


def unshare_dashboard(dashboard: Dashboard, members: Sequence[Member], *, by: Actor) -> None:
    """Close it to members again. Those it is open to anyway still see it."""
    shares = _shares_of(dashboard)
    old = _said(shares)
    gone = [member.id for member in members if member.id in shares]
    db.session.execute(
        delete(DashboardShare)
        .where(DashboardShare.dashboard_id == dashboard.id, DashboardShare.member_id.in_(gone))
        .execution_options(synchronize_session=False)
    )
    _record_shares(dashboard, old, {key: value for key, value in old.items() if int(key) not in gone}, by)


def delete_dashboards(dashboards: Sequence[Dashboard], *, by: Actor) -> None:
    """Put dashboards into the bin. Their reports are not sent while they are there."""
    with change(*dashboards, event=events.DASHBOARD_DELETED, by=by):
        for dashboard in dashboards:
            dashboard.deleted_at = dashboard.deleted_at or now()
    for report_id in db.session.scalars(
        select(Report.id).where(Report.dashboard_id.in_([dashboard.id for dashboard in dashboards])).order_by(Report.id)
    ):
        stop_timer(report_id)
    _tell(dashboards)


def restore_dashboards(dashboards: Sequence[Dashboard], *, by: Actor) -> None:
    """Take dashboards out of the bin. Their reports go on with the next slot: what was not sent stays unsent."""
    from app.dashboards.commands.reports import set_off  # reports are of dashboards

    with change(*dashboards, event=events.DASHBOARD_RESTORED, by=by):
        for dashboard in dashboards:
            dashboard.deleted_at = None
    wanted = select(Report).where(Report.dashboard_id.in_([dashboard.id for dashboard in dashboards]))
    for report in db.session.scalars(wanted.where(Report.deleted_at.is_(None)).order_by(Report.id)):
        set_off(report)
    _tell(dashboards)


def _shares_of(dashboard: Dashboard) -> dict[int, DashboardShare]:
    wanted = select(DashboardShare).where(DashboardShare.dashboard_id == dashboard.id)
    return {share.member_id: share for share in db.session.scalars(wanted.order_by(DashboardShare.id))}


def _said(shares: Mapping[int, DashboardShare]) -> dict[str, str]:
    return {str(member): share.permission.value for member, share in sorted(shares.items())}


def _record_shares(dashboard: Dashboard, old: Mapping[str, str], new: Mapping[str, str], by: Actor) -> None:
    if old != new:
        ledger.record(events.DASHBOARD_SHARED, [(dashboard, {"shares": [dict(old), dict(new)]})], by=by)
        _tell([dashboard])


def _tell(dashboards: Sequence[Dashboard]) -> None:
    live.touch(*(f"dashboard-{dashboard.id}" for dashboard in dashboards), "dashboards")
