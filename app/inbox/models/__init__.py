"""The rows of the inbox: who hears of what, how they want to hear it, and where they are reached."""

from app.inbox.models.devices import Device, Platform, PushKey
from app.inbox.models.notifications import Notification, Reason, Watcher
from app.inbox.models.preferences import Channel, MailRhythm, NotificationPreference, NotificationSettings
from app.inbox.models.replies import MailReply

__all__ = [
    "Channel",
    "Device",
    "MailReply",
    "MailRhythm",
    "Notification",
    "NotificationPreference",
    "NotificationSettings",
    "Platform",
    "PushKey",
    "Reason",
    "Watcher",
]
