"""What of the inbox a member wants by mail, by reason; without a row, everything."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.inbox.models import NotificationPreference, Reason
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.events import Bulk, Event
from app.organizations.models import Member

#: How a reason is asked for in the profile.
LABELS = {
    Reason.ASSIGNED: "I am assigned",
    Reason.MENTIONED: "Somebody mentions me",
    Reason.WATCHING: "Something I watch changes",
}
CHANGED = Event("member.mail_chosen", says="{actor} changed what is mailed to {subject}", bulk=Bulk.SILENT)


def preferences_of(member: Member) -> dict[Reason, bool]:
    """For every reason, whether notifications of it are mailed. One statement."""
    rows = db.session.execute(
        select(NotificationPreference.reason, NotificationPreference.by_mail).where(
            NotificationPreference.organization_id == current_organization_id(),
            NotificationPreference.member_id == member.id,
        )
    )
    return dict.fromkeys(Reason, True) | {row.reason: row.by_mail for row in rows}


def set_preferences(member: Member, by_mail: Mapping[Reason, bool], *, by: Actor) -> None:
    """Choose for some reasons whether notifications of them are mailed; the others stay as they are."""
    former = preferences_of(member)
    chosen = {reason: wanted for reason, wanted in by_mail.items() if former[reason] != wanted}
    if not chosen:
        return
    rows = insert(NotificationPreference).values(
        [
            {"organization_id": current_organization_id(), "member_id": member.id, "reason": reason, "by_mail": wanted}
            for reason, wanted in chosen.items()
        ]
    )
    db.session.execute(
        rows.on_conflict_do_update(
            index_elements=["organization_id", "member_id", "reason"], set_={"by_mail": rows.excluded.by_mail}
        )
    )
    changed = {f"mail_{reason}": [former[reason], wanted] for reason, wanted in chosen.items()}
    ledger.record(CHANGED, [(member, changed)], by=by)


def stop_mail(member: Member) -> None:
    """Mail this member no notification any more: what the link in every such mail does. They are who asked."""
    set_preferences(member, dict.fromkeys(Reason, False), by=member)
