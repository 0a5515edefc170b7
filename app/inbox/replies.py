"""Answering a notification by mail: the answer becomes a comment on what it was about.

The address that a notification's mail asks to be answered at bears a signed tag, `reply+n12-k5fy…@acme.example`. Who
knows it has had that mail, or guesses 80 bits. It still lets nobody in: the sender must be the member whom it was for,
who sees the noun and may comment now. What is said by mail stays among colleagues.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import timedelta

from flask import render_template
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import User
from app.activity.sentences import anchor_of
from app.discussions.commands import NotSaid, Remark, add_comments
from app.discussions.models import Comment
from app.discussions.policies import P
from app.discussions.queries import subject_named
from app.inbox.models import MailReply, Notification
from app.kernel import access
from app.kernel.crypto import seals
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid, NotFound, TooMany, Unavailable
from app.kernel.events import noun_of
from app.kernel.ledger import Activity
from app.kernel.limits import Limit, spend
from app.kernel.words import gettext as _
from app.mailboxes.commands import post_mail
from app.mailboxes.filing import Filed, Ignored
from app.mailboxes.models import IncomingMail, MailAddress
from app.mailboxes.parsing import Parsed, as_markdown
from app.organizations.models import Member, Organization

#: The kind of address whose mail is filed here; its subject is the organization.
KIND = "inbox"
#: A member is told once a day about one thing that their answer was not taken.
REFUSALS = Limit("inbox.refusals", 1, per=timedelta(days=1))
#: Comments that one member makes by mail.
REPLIES = Limit("inbox.replies", 60, per=timedelta(hours=1))
_TAG = re.compile(r"n([1-9][0-9]{0,17})-([a-z2-7]{16})")
#: Octets of a local part that mail servers take (RFC 5321).
_LONGEST = 64


def reply_address() -> str | None:
    """The organization's address for answers, if it has one. One statement."""
    return db.session.scalar(
        select(MailAddress.address).where(
            MailAddress.organization_id == current_organization_id(),
            MailAddress.kind == KIND,
            MailAddress.subject_id == current_organization_id(),
        )
    )


def address_for(notification: Notification, member: Member) -> str | None:
    """Where an answer to this notification goes; None when the organization takes none, or no tag fits."""
    address = reply_address()
    if address is None:
        return None
    local, _at, host = address.partition("@")
    tagged = f"{local}+{tag_for(notification.id, member.id)}"
    return f"{tagged}@{host}" if len(tagged) <= _LONGEST else None


def tag_for(notification_id: int, member_id: int) -> str:
    """What stands behind the plus."""
    return f"n{notification_id}-{_signatures(notification_id, member_id)[0]}"


def file_reply(mail: IncomingMail, parsed: Parsed, address: MailAddress) -> Filed:
    """Make a comment of an answer. Raises Ignored, with a sentence, for everything that is none."""
    if parsed.bounce:
        raise Ignored("A mail server reports on a mail that is nobody's answer.")
    if parsed.automatic:
        raise Ignored(parsed.automatic)
    notification, member = _named(mail.tag)
    if not _may_write(member) or (member.email or "").lower() != parsed.sender_address.lower():
        raise Ignored("It does not come from the person whom the notification was for.")
    digest = hashlib.sha256((parsed.message_id or mail.fingerprint).encode()).hexdigest()
    if db.session.scalar(select(MailReply.id).where(MailReply.message_hash == digest)):
        raise Ignored("It came before.")
    try:
        subject = subject_named(member, notification.noun, notification.subject_id)
    except NotFound:
        return _refuse(member, notification, parsed, _("it is gone, or not open to you any more"))
    if not access.may(member, P.CREATE, subject):
        return _refuse(member, notification, parsed, _("you may not comment on it any more"))
    try:
        spend((REPLIES, f"{member.organization_id}:{member.id}"))
        comment = _say(member, notification, subject, parsed.reply)
    except TooMany:
        raise Ignored("This member has had very many comments by mail.") from None
    except (Invalid, NotSaid) as error:
        return _refuse(member, notification, parsed, str(error))
    row = insert(MailReply).values(
        organization_id=member.organization_id, message_hash=digest, member_id=member.id, comment_id=comment.id
    )
    if db.session.scalar(row.on_conflict_do_nothing().returning(MailReply.id)) is None:
        raise Ignored("It came before.")  # at the same moment; what was just said goes with this transaction
    noun = noun_of(subject)
    return Filed(noun.name, subject.id, noun.title(subject)[:120], "An answer to a notification.")


def _may_write(member: Member) -> bool:
    """Whether somebody works here and could sign in."""
    user = db.session.get(User, member.user_id) if member.user_id and not member.left_at else None
    return user is not None and user.email_verified_at is not None and user.deactivated_at is None


def _named(tag: str) -> tuple[Notification, Member]:
    """The notification that a tag names, and whose it is, if we of this organization have signed it. Raises Ignored."""
    found = _TAG.fullmatch(tag.strip().lower())
    here = current_organization_id()
    notification = found and db.session.get(Notification, (here, int(found[1])))
    if not found or not notification:
        raise Ignored("Its address names no notification of ours.")
    fits = [hmac.compare_digest(found[2], good) for good in _signatures(notification.id, notification.member_id)]
    if not any(fits):
        raise Ignored("Its address names no notification of ours.")
    return notification, db.session.get_one(Member, (here, notification.member_id))


def _say(member: Member, notification: Notification, subject: object, text: str) -> Comment:
    """In the thread that the notification told of, where it still stands; among colleagues."""
    parent = _thread(notification)
    remark = Remark(subject, as_markdown(text), parent, internal=True)
    with db.session.begin_nested():
        [comment] = add_comments([remark], by=member)
    return comment


def _thread(notification: Notification) -> Comment | None:
    payload = db.session.scalar(
        select(Activity.payload).where(
            Activity.organization_id == notification.organization_id, Activity.id == notification.activity_id
        )
    )
    found = re.fullmatch(r"#comment-([1-9][0-9]{0,17})", anchor_of(payload or {}))
    return found and db.session.scalar(
        select(Comment).where(
            Comment.organization_id == notification.organization_id,
            Comment.id == int(found[1]),
            Comment.noun == notification.noun,
            Comment.subject_id == notification.subject_id,
            Comment.deleted_at.is_(None),
        )
    )


def _refuse(member: Member, notification: Notification, parsed: Parsed, why: str) -> Filed:
    """Tell the member that their answer was not taken; once a day about one thing, else it raises Ignored."""
    about = f"{member.organization_id}:{member.id}:{notification.noun}:{notification.subject_id}"
    try:
        spend((REFUSALS, about))
    except (TooMany, Unavailable):
        raise Ignored(f"Its sender was told already: {why}.") from None
    organization = db.session.get_one(Organization, member.organization_id)
    context = {"member": member, "organization": organization, "why": why, "text": parsed.reply[:2000]}
    post_mail(
        member.email or "",
        _("Your answer was not taken: %(subject)s", subject=parsed.subject or _("no subject")),
        render_template("inbox/mail/refusal.txt", **context),
        None,
        in_reply_to=parsed.message_id,
    )
    return Filed("member", member.id, member.name[:120], f"Its sender was told that it was not taken: {why}.")


def _signatures(notification_id: int, member_id: int) -> list[str]:
    """By the newest secret first; lower-case base32, because mail servers change the case of local parts."""
    bound = f"{current_organization_id()}:{notification_id}:{member_id}"
    return [base64.b32encode(seal[:10]).decode().lower() for seal in seals("reply-address", bound)]
