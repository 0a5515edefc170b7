"""What tells people at once: a push to each of their browsers, and a text to their telephone.

Each push is a timer of its own, written where it was decided; it is sent by an alarm that asks once more whether its
reader may see what it is about. A text is one for all that came together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app, url_for
from sqlalchemy import ColumnElement, or_, select

from app.accounts.models import User
from app.adapters.sms import NotSent, gateway_for
from app.inbox.devices import devices_of, lasts, push_to
from app.inbox.lines import Line, lines_by_id
from app.inbox.models import Device
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import TooMany, Unavailable
from app.kernel.limits import Limit, spend
from app.kernel.timers import alarm, wake
from app.kernel.words import gettext as _
from app.kernel.words import ngettext, reading
from app.organizations.models import Member, Organization
from app.web.urls import addresses, outside

log = structlog.get_logger(__name__)

#: What happens together is told together.
SOON = timedelta(seconds=3)
#: Older news are no news any more, whatever held them up.
FRESH = timedelta(days=3)
#: Notifications that are pushed one by one; more of them are one push that counts.
ONE_BY_ONE = 3
#: Texts that one member gets a day in one organization.
TEXTS = Limit("inbox.texts", 10, per=timedelta(days=1))
TRIES = 3
_PAUSE = timedelta(minutes=1)
_LONGEST = 160


def reached_at_once(member_ids: Collection[int]) -> list[int]:
    """Those of these members who have a device, or a number that can be texted. One statement."""
    if not member_ids:
        return []
    ways: list[ColumnElement[bool]] = [Member.user_id.in_(select(Device.user_id).where(lasts()))]
    if can_text():
        ways.append(Member.user_id.in_(select(User.id).where(User.mobile_verified_at.is_not(None))))
    return list(
        db.session.scalars(
            select(Member.id).where(
                Member.organization_id == current_organization_id(), Member.id.in_(member_ids), or_(*ways)
            )
        )
    )


def can_text() -> bool:
    """Whether the operator has a gateway for texts."""
    return gateway_for(current_app.extensions["trestleboard"]) is not None


def send_pushes(member: Member, told: Sequence[Line]) -> None:
    """Have each of the member's browsers told: of each line, or of how many there are. Newest first."""
    if not told or member.user_id is None:
        return
    for device in devices_of(member.user_id):
        fresh = [line.notification for line in told if line.notification.arrived_at >= device.created_at]
        if len(fresh) > ONE_BY_ONE:
            _wake_push(device, fresh[0].id, count=len(fresh))
        else:
            for notification in fresh:
                _wake_push(device, notification.id, count=1)


def _wake_push(device: Device, notification_id: int, **more: Any) -> None:
    key = f"push:{device.id}:{notification_id}"
    wake(push_notification, device.id, at=now(), key=key, notification=notification_id, tries=0, **more)


@alarm
def push_notification(device_id: int, *, notification: int, count: int, tries: int) -> None:
    """Send one push, if its reader still works here, is signed in there, has not read it, and may see it."""
    device = db.session.scalar(select(Device).where(Device.id == device_id, lasts()))
    user = db.session.get(User, device.user_id) if device else None
    if device is None or user is None or user.deactivated_at:
        return
    here = Member.organization_id == current_organization_id()
    member = db.session.scalar(select(Member).where(here, Member.user_id == user.id, Member.left_at.is_(None)))
    if member is None:
        return
    lines = lines_by_id(member, [notification])
    if not lines or lines[0].row is None or lines[0].notification.read_at:
        return
    organization = db.session.get_one(Organization, current_organization_id())
    with reading(user.language), addresses(organization.slug):
        title = _title(lines[0]) if count == 1 else _many(organization, count)
        to = url_for("inbox.show_notification", notification_id=notification) if count == 1 else None
        url = to or url_for("inbox.show_inbox")
    trouble = push_to(device, title, url, tag=f"{organization.id}-{notification}")
    if trouble and tries + 1 < TRIES:
        later = now() + _PAUSE * 4**tries
        key = f"push:{device_id}:{notification}"
        wake(
            push_notification,
            device_id,
            at=later,
            key=key,
            notification=notification,
            count=count,
            tries=tries + 1,
        )


def send_texts(member: Member, user: User, told: Sequence[Line]) -> None:
    """One text about all of these, if the number was proved. What is past the day's limit, or refused, is not sent."""
    gateway = gateway_for(current_app.extensions["trestleboard"])
    if gateway is None or not told or not user.mobile_number or not user.mobile_verified_at:
        return
    try:
        spend((TEXTS, f"{member.organization_id}:{member.id}"))
    except (TooMany, Unavailable):
        return
    organization = db.session.get_one(Organization, current_organization_id())
    with reading(user.language), addresses(organization.slug):
        said = _title(told[0]) if len(told) == 1 else _many(organization, len(told))
        inbox = outside(url_for("inbox.show_inbox"))
    try:
        gateway.send(user.mobile_number, f"{said}\n{inbox}")
    except NotSent as error:
        log.warning("inbox.text_not_sent", member=member.id, error=str(error))


def _title(line: Line) -> str:
    said = f"{line.actor_name} {line.did}: {line.title}"
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _many(organization: Organization, count: int) -> str:
    return _("%(organization)s: %(what)s", organization=organization.name[:60], what=_things(count))


def _things(count: int) -> str:
    return ngettext("%(num)s thing is new for you", "%(num)s things are new for you", count)
