"""Browsers that take Web Push: registering them, and sending to them. All of it is one person's own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr

from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import UserSession
from app.adapters import push
from app.inbox.models import Device, Platform, PushKey
from app.kernel.clock import now
from app.kernel.crypto import encryption
from app.kernel.database import db
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.words import gettext as _

#: Browsers that one person may register.
MOST = 20
#: Pushes in a row that were not taken until a browser is forgotten.
PATIENCE = 10


def own_key() -> push.Key:
    """The instance's key pair, made when it is first asked for. One statement, four the first time.

    Raises Refused when it cannot be read any more, because the instance's secret was changed.
    """
    row = db.session.get(PushKey, 1)
    if row is None:
        made = push.Key.make()
        secret = encryption().encrypt(made.pem).decode()
        db.session.execute(insert(PushKey).values(id=1, public=made.public, secret=secret).on_conflict_do_nothing())
        row = db.session.get_one(PushKey, 1)
    try:
        return push.Key(row.public, encryption().decrypt(row.secret.encode()))
    except InvalidToken:
        raise Refused(_("The instance's secret was changed, so browsers cannot be told anything.")) from None


def register_device(
    subscription: push.Subscription, *, name: str, platform: Platform, user_id: int, session_id: int
) -> Device:
    """Let a browser be told of notifications while its session lasts. Registered again, it is the same device.

    Raises Invalid for what no browser says of itself, and when there are too many.
    """
    try:
        subscription.check()
    except ValueError as error:
        raise Invalid(str(error), "endpoint") from None
    digest = hashlib.sha256(subscription.endpoint.encode()).hexdigest()
    device = db.session.scalar(select(Device).where(Device.endpoint_hash == digest).with_for_update())
    if device is None:
        if (db.session.scalar(select(func.count(Device.id)).where(Device.user_id == user_id)) or 0) >= MOST:
            raise Invalid(_("You have %(most)s devices. Remove one first.", most=MOST), "endpoint")
        device = Device(endpoint_hash=digest)
        db.session.add(device)
    device.user_id, device.session_id = user_id, session_id
    device.name, device.platform = name[:120], platform
    device.subscription = {
        "endpoint": subscription.endpoint,
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
    }
    device.failed_count, device.last_error, device.last_seen_at = 0, None, now()
    db.session.flush()
    return device


def devices_of(user_id: int) -> Sequence[Device]:
    """A person's devices whose sessions last, the newest first. One statement."""
    return db.session.scalars(
        select(Device).where(Device.user_id == user_id, lasts()).order_by(Device.created_at.desc(), Device.id.desc())
    ).all()


def device_of(user_id: int, device_id: int) -> Device:
    """One of a person's own. Raises NotFound."""
    found = db.session.scalar(select(Device).where(Device.user_id == user_id, Device.id == device_id))
    if found is None:
        raise NotFound
    return found


def remove_device(device: Device) -> None:
    db.session.delete(device)
    db.session.flush()


def lasts() -> ColumnElement[bool]:
    """The session in which a device was registered has not ended."""
    return exists().where(
        and_(
            UserSession.id == Device.session_id,
            UserSession.user_id == Device.user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now(),
        )
    )


def push_to(device: Device, title: str, url: str, *, tag: str) -> str | None:
    """Send a title and an address to a device, and note on it how that went. One that is gone is removed.

    None when it was taken or cannot be, else why it was not: another try may help.
    """
    try:
        to = push.Subscription(**device.subscription)
        push.send(to, {"title": title, "url": url, "tag": tag}, key=own_key(), contact=_contact())
    except (push.Gone, InvalidToken, ValueError):
        remove_device(device)
        return None
    except push.NotTaken as error:
        device.failed_count += 1
        device.last_error = str(error)[:300]
        if device.failed_count >= PATIENCE:
            remove_device(device)
            return None
        return str(error) if error.again else None
    device.failed_count, device.last_error, device.last_seen_at = 0, None, now()
    return None


def _contact() -> str:
    """How a push service reaches the operator."""
    return f"mailto:{parseaddr(current_app.extensions['trestleboard'].mail_from)[1]}"
