"""Mail becomes tickets and replies. Nothing that a mail says of itself is believed further than this.

A ticket is found by the signed tag in the address, then by the Message-IDs that the mail answers, then by the number in
its subject. Only who takes part in it is let in; everybody else gets a ticket of their own that is linked to it. Who is
copied takes no part: they would read what strangers write about them. Machines are listened to and never answered.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from app.desk import events
from app.desk.addresses import ticket_id_of
from app.desk.commands.customers import customer_at
from app.desk.commands.talking import MessageFacts, NewTicket, create_tickets, note_on_ticket, receive_reply
from app.desk.commands.writing import tell
from app.desk.letters import post_acknowledgement
from app.desk.models import SUBJECT_MOST, Channel, Direction, Queue, Status, Ticket, TicketMessage, TicketParticipant
from app.discussions.commands import Upload, attach_files
from app.discussions.models import Comment
from app.kernel import ledger
from app.kernel.access import CLOCK
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, TooMany, Unavailable
from app.kernel.limits import Limit, spend
from app.mailboxes.filing import Filed, Ignored
from app.mailboxes.models import IncomingMail, MailAddress, OutgoingMail
from app.mailboxes.parsing import Parsed, ParsedPart, as_markdown
from app.organizations.models import Member

#: Two machines that confirm to each other stop here, also when neither says that it is one.
CONFIRMATIONS = Limit("desk.confirmations", 3, per=timedelta(hours=1))
#: Machines' words that are noted on one ticket; more of them are only listed.
NOTES = Limit("desk.automatic", 10, per=timedelta(hours=1))
#: Characters of a machine's words that stand in a note.
_NOTED = 2_000
_NUMBER = re.compile(r"\[#([1-9][0-9]{0,17})\]")
_PREFIX = re.compile(r"^((re|aw|antw|sv|vs|fwd?|wg|tr|rif|r|i)(\[\d+\])?\s*:\s*|\[#[0-9]{1,18}\]\s*)+", re.IGNORECASE)


def file_ticket(mail: IncomingMail, parsed: Parsed, address: MailAddress) -> Filed:
    """Make a ticket of a mail, or a part of one. Raises Ignored for a machine's that belongs to none."""
    known = _ticket_of(mail, parsed)
    if parsed.bounce and not mail.wanted:
        return _note_bounce(parsed, known)
    if parsed.automatic and not mail.wanted:
        return _note_machine(parsed, known)
    sender = customer_at(parsed.sender_address, parsed.sender_name)
    takes_part = known is not None and _takes_part(known, sender)
    if known is not None and takes_part and known.status is not Status.CLOSED:
        comment = receive_reply(known, as_markdown(parsed.reply), by=sender, facts=_facts(mail, parsed))
        _attach(known, comment, parsed, sender)
        return Filed("ticket", known.id, known.key)
    ticket, comment = _open(mail, parsed, address, sender, known)
    _attach(ticket, comment, parsed, sender)
    _confirm(ticket, parsed)
    return Filed("ticket", ticket.id, ticket.key, _why_new(known, takes_part))


def subject_of(subject: str) -> str:
    """Without what answering puts before it, and without other tickets' numbers."""
    bare = _NUMBER.sub("", _PREFIX.sub("", subject)).strip()
    return " ".join(bare.split())[:SUBJECT_MOST] or "(no subject)"


def _ticket_of(mail: IncomingMail, parsed: Parsed) -> Ticket | None:
    """The ticket that a mail says it belongs to. Whether its sender takes part is asked later."""
    tagged = ticket_id_of(mail.tag) if mail.tag else None
    if tagged and (found := _standing(Ticket.id == tagged)):
        return found
    named = [each for each in (parsed.in_reply_to, *reversed(parsed.references)) if each]
    if parsed.bounce:
        named += parsed.bounce.message_ids
    if named:
        rows = select(TicketMessage.ticket_id).where(TicketMessage.message_id.in_(named))
        for ticket_id in db.session.scalars(rows.order_by(TicketMessage.id.desc()).limit(1)):
            if found := _standing(Ticket.id == ticket_id):
                return found
    if numbers := _NUMBER.findall(parsed.subject):
        return _standing(Ticket.number == int(numbers[-1]))
    return None


def _standing(which: ColumnElement[bool]) -> Ticket | None:
    return db.session.scalar(select(Ticket).where(which, Ticket.deleted_at.is_(None)))


def _takes_part(ticket: Ticket, member: Member) -> bool:
    part = (TicketParticipant.ticket_id == ticket.id, TicketParticipant.member_id == member.id)
    return db.session.scalar(select(TicketParticipant.id).where(*part)) is not None


def _open(
    mail: IncomingMail, parsed: Parsed, address: MailAddress, sender: Member, known: Ticket | None
) -> tuple[Ticket, Comment]:
    queue = db.session.scalar(select(Queue).where(Queue.id == address.subject_id, Queue.archived_at.is_(None)))
    draft = NewTicket(
        subject=subject_of(parsed.subject),
        body=as_markdown(parsed.text),
        customer=sender,
        queue=queue,
        channel=Channel.EMAIL,
        source=address.address,
        related=known,
        facts=_facts(mail, parsed),
    )
    [ticket] = create_tickets([draft], by=sender)
    first = select(TicketMessage.comment_id).where(TicketMessage.ticket_id == ticket.id)
    return ticket, db.session.scalars(select(Comment).where(Comment.id.in_(first))).one()


def _facts(mail: IncomingMail, parsed: Parsed) -> MessageFacts:
    return MessageFacts(
        from_address=parsed.sender_address,
        from_name=parsed.sender_name,
        to_addresses=parsed.recipients,
        message_id=parsed.message_id,
        in_reply_to=parsed.in_reply_to,
        references=parsed.references,
        html_source=parsed.html,
        incoming_mail_id=mail.id,
    )


def _why_new(known: Ticket | None, takes_part: bool) -> str:
    if known is None:
        return ""
    if takes_part:
        return f"{known.key} is closed, so this is a new ticket, linked to it."
    return f"Its sender takes no part in {known.key}, so this is a new ticket, linked to it."


def _attach(ticket: Ticket, comment: Comment, parsed: Parsed, sender: Member) -> None:
    """The mail's files, as many as fit; of the others the agents are told, and they stay in the raw mail."""
    config = current_app.extensions["trestleboard"]
    fitting = [part for part in parsed.parts if len(part.content) <= config.file_most_mb * 2**20]
    refused = [part.name for part in parsed.parts if part not in fitting]
    for start in range(0, len(fitting), config.files_at_once):
        batch = fitting[start : start + config.files_at_once]
        if not _attached(ticket, comment, batch, sender):
            refused += [part.name for part in batch if not _attached(ticket, comment, [part], sender)]
    left_out = len(refused) + parsed.left_out
    if left_out:
        names = ", ".join(name.replace("`", "'") for name in refused[:5])
        said = f"{left_out} {'file' if left_out == 1 else 'files'} of this mail did not fit and stayed in the raw mail"
        note_on_ticket(ticket, f"{said}: `{names}`" if names else f"{said}.", by=CLOCK)


def _attached(ticket: Ticket, comment: Comment, parts: Sequence[ParsedPart], sender: Member) -> bool:
    uploads = [Upload(part.name, io.BytesIO(part.content)) for part in parts]
    try:
        with db.session.begin_nested():
            attach_files(ticket, uploads, by=sender, comment=comment, internal=False)
    except Invalid:
        return False
    return True


def _confirm(ticket: Ticket, parsed: Parsed) -> None:
    """Confirm a person's ticket, but no address too often. When nothing can be counted, nothing is confirmed."""
    if parsed.automatic:
        return
    try:
        spend((CONFIRMATIONS, f"{ticket.organization_id}:{parsed.sender_address}"))
    except (TooMany, Unavailable):
        return
    post_acknowledgement(ticket)


def _note_bounce(parsed: Parsed, known: Ticket | None) -> Filed:
    """A report on a mail that we did send: its message has failed, and those who follow the ticket are told."""
    assert parsed.bounce is not None
    lost = db.session.scalars(
        select(OutgoingMail).where(
            OutgoingMail.organization_id == db.session.info["organization_id"],
            OutgoingMail.message_id.in_(list(parsed.bounce.message_ids)),
        )
    ).first()
    if known is None or lost is None:
        raise Ignored("A mail server reports on a mail that is none of a ticket's.")
    why = f"{lost.to_address} did not get it: {parsed.bounce.why}"[:500]
    told = TicketMessage.message_id == lost.message_id, TicketMessage.direction == Direction.OUT
    db.session.execute(
        update(TicketMessage)
        .where(TicketMessage.ticket_id == known.id, *told)
        .values(failed_at=now(), failure=why)
        .execution_options(synchronize_session=False)
    )
    ledger.record(events.UNDELIVERED, [(known, {})], by=CLOCK, payload={"why": why})
    tell([known])
    return Filed("ticket", known.id, known.key, "A mail server reports that a reply did not arrive.")


def _note_machine(parsed: Parsed, known: Ticket | None) -> Filed:
    """An auto-reply of somebody who takes part is noted among colleagues; it opens nothing again."""
    sender = db.session.scalars(
        select(Member).where(Member.email == parsed.sender_address, Member.left_at.is_(None)).order_by(Member.id)
    ).all()
    if known is None or not any(_takes_part(known, member) for member in sender):
        raise Ignored(str(parsed.automatic))
    try:
        spend((NOTES, f"{known.organization_id}:{known.id}"))
    except TooMany:
        raise Ignored(f"{known.key} has had very many automatic replies.") from None
    said = as_markdown("\n".join(f"> {line}" for line in parsed.reply[:_NOTED].split("\n")))
    note_on_ticket(known, f"An automatic reply came from `{parsed.sender_address}`.\n\n{said}", by=CLOCK)
    return Filed("ticket", known.id, known.key, str(parsed.automatic))
