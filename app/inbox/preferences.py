"""What a member wants to hear of, by which channel, and when: their own state in one organization."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.inbox.kinds import all_kinds, kind_named
from app.inbox.models import Channel, MailRhythm, NotificationPreference, NotificationSettings
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.events import Bulk, Event
from app.kernel.schedules import Schedule, instant, next_slot
from app.organizations.models import Member

CHANGED = Event("member.mail_chosen", says="{actor} changed how {subject} is notified", bulk=Bulk.SILENT)

#: member -> which of (kind, channel) they chose, and how.
Choices = Mapping[tuple[str, Channel], bool]


def choices_of(members: Collection[int]) -> dict[int, dict[tuple[str, Channel], bool]]:
    """What each of these members (ids) chose. One statement."""
    found: dict[int, dict[tuple[str, Channel], bool]] = {member: {} for member in members}
    if members:
        rows = select(NotificationPreference).where(
            NotificationPreference.organization_id == current_organization_id(),
            NotificationPreference.member_id.in_(members),
        )
        for row in db.session.scalars(rows):
            found[row.member_id][row.kind, row.channel] = row.wanted
    return found


def wants(chosen: Choices, kind: str, channel: Channel) -> bool:
    """Whether a notification of this kind goes that way, as chosen or as is usual."""
    return chosen.get((kind, channel), channel in kind_named(kind).defaults)


def matrix_of(member: Member) -> dict[tuple[str, Channel], bool]:
    """Every kind and channel, and whether it is wanted. One statement."""
    chosen = choices_of([member.id])[member.id]
    return {(kind.key, way): wants(chosen, kind.key, way) for kind in all_kinds() for way in Channel}


def set_matrix(member: Member, wanted: Mapping[tuple[str, Channel], bool], *, by: Actor) -> None:
    """Choose channels for some kinds; what is not named stays as it is."""
    former = matrix_of(member)
    chosen = {each: value for each, value in wanted.items() if each in former and former[each] != value}
    if not chosen:
        return
    here = current_organization_id()
    rows = insert(NotificationPreference).values(
        [
            {"organization_id": here, "member_id": member.id, "kind": kind, "channel": channel, "wanted": value}
            for (kind, channel), value in sorted(chosen.items())
        ]
    )
    fresh = {"wanted": rows.excluded.wanted}
    key = ["organization_id", "member_id", "kind", "channel"]
    db.session.execute(rows.on_conflict_do_update(index_elements=key, set_=fresh))
    changed = {f"{channel}_{kind}": [not value, value] for (kind, channel), value in chosen.items()}
    ledger.record(CHANGED, [(member, changed)], by=by)


@dataclass(frozen=True)
class Timing:
    """When a member is told. Days are weekdays, 0 is Monday; quiet hours begin on them and may end the next day."""

    mail: MailRhythm = MailRhythm.SOON
    digest_time: time = time(8)
    digest_weekday: int = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_days: frozenset[int] = frozenset(range(7))

    def mailed_at(self, zone: str, since: datetime) -> datetime | None:
        """When what came at `since` is mailed at the earliest; None: never."""
        if self.mail is MailRhythm.NEVER:
            return None
        if self.mail is MailRhythm.SOON:
            return since
        days = frozenset(range(7)) if self.mail is MailRhythm.DAILY else frozenset({self.digest_weekday})
        return next_slot(Schedule(zone, self.digest_time, days), since).at

    def quiet_at(self, zone: str, at: datetime) -> datetime | None:
        """When the quiet hours end in which `at` lies; None: it lies in none. Hours that meet are one."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        tz, end = ZoneInfo(zone), at
        today = at.astimezone(tz).date()
        for offset in range(-1, 8):
            day = today + timedelta(days=offset)
            if day.weekday() not in self.quiet_days:
                continue
            last = day if self.quiet_until > self.quiet_from else day + timedelta(days=1)
            begins, ends = instant(day, self.quiet_from, tz), instant(last, self.quiet_until, tz)
            if begins <= end < ends:
                end = ends
        return end if end > at else None


def timing_of(member: Member) -> Timing:
    """One statement."""
    row = db.session.scalar(
        select(NotificationSettings).where(
            NotificationSettings.organization_id == current_organization_id(),
            NotificationSettings.member_id == member.id,
        )
    )
    if row is None:
        return Timing()
    return Timing(row.mail, row.digest_time, row.digest_weekday, row.quiet_from, row.quiet_until, _days(row.quiet_days))


def set_timing(member: Member, timing: Timing, *, by: Actor) -> None:
    """Choose when a member is told. What waits already goes by it too."""
    former = timing_of(member)
    if former == timing:
        return
    values = {
        "mail": timing.mail,
        "digest_time": timing.digest_time,
        "digest_weekday": timing.digest_weekday,
        "quiet_from": timing.quiet_from,
        "quiet_until": timing.quiet_until,
        "quiet_days": sum(1 << day for day in timing.quiet_days),
    }
    rows = insert(NotificationSettings).values(organization_id=current_organization_id(), member_id=member.id, **values)
    db.session.execute(rows.on_conflict_do_update(index_elements=["organization_id", "member_id"], set_=values))
    changed = {} if former.mail is timing.mail else {"mail": [former.mail, timing.mail]}
    ledger.record(CHANGED, [(member, changed)], by=by)


def stop_mail(member: Member) -> None:
    """Mail this member no notification any more: what the link in every such mail does. They are who asked."""
    set_timing(member, replace(timing_of(member), mail=MailRhythm.NEVER), by=member)


def _days(bits: int) -> frozenset[int]:
    return frozenset(day for day in range(7) if bits >> day & 1)
