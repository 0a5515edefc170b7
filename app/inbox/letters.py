"""The mail that tells of notifications, and the link in it that stops such mail with one click."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, url_for

from app.inbox.lines import Line
from app.inbox.replies import address_for
from app.kernel.crypto import signer
from app.kernel.database import current_organization_id, db
from app.kernel.doors import find_door, open_door
from app.kernel.words import ngettext
from app.mailboxes.commands import post_mail
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Member, Organization
from app.web.urls import addresses, outside

DOOR = "unsubscribe"
#: Notifications that one mail spells out; it counts the others.
SHOWN = 30


def post_digest(member: Member, told: Sequence[Line]) -> OutgoingMail:
    """One mail about these notifications, newest first. The member has an address."""
    organization = db.session.get_one(Organization, current_organization_id())
    with addresses(organization.slug):
        stop = outside(url_for("inbox.show_unsubscription", token=unsubscribe_token(member)))
        context = {
            "organization": organization,
            "member": member,
            "more": max(len(told) - SHOWN, 0),
            "stop": stop,
            "lines": [(line, outside(line.url or "/")) for line in told[:SHOWN]],
            "inbox_url": outside(url_for("inbox.show_inbox")),
        }
        reply_to = _reply_to(member, told)
        context["answers"] = reply_to is not None
        text = render_template("inbox/mail/digest.txt", **context)
        html = render_template("inbox/mail/digest.html", **context)
    first = told[0]
    subject = (
        f"{first.title}: {first.actor_name} {first.did}"
        if len(told) == 1
        else ngettext(
            "%(organization)s: %(num)s thing changed for you",
            "%(organization)s: %(num)s things changed for you",
            len(told),
            organization=organization.name,
        )
    )
    # RFC 8058: mail programs may show a button of their own, and post to the address without a person's browser.
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return post_mail(member.email or "", subject, text, html, headers, reply_to=reply_to)


def _reply_to(member: Member, told: Sequence[Line]) -> str | None:
    """Where an answer goes: when all is about one thing that can be discussed, and answers are taken here."""
    newest = told[0].notification
    about = {(line.notification.noun, line.notification.subject_id, line.notification.count) for line in told}
    if about != {(newest.noun, newest.subject_id, 1)} or told[0].noun is None or told[0].noun.readers is None:
        return None
    return address_for(newest, member)


def unsubscribe_token(member: Member) -> str:
    """The member's own, always the same: it opens the door to stopping their mail, and that is all it opens."""
    subject = f"{member.organization_id}:{member.id}".encode()
    token = signer(DOOR).make_signer().get_signature(subject).decode()
    if find_door(DOOR, token=token) is None:
        open_door(DOOR, organization_id=member.organization_id, token=token, subject_id=member.id)
        db.session.flush()
    return token
