"""Who is made nameless is not named by the envelopes of their messages either. What they wrote stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from app.desk.models import Direction, TicketMessage, TicketParticipant
from app.discussions.models import Comment
from app.kernel.database import db
from app.organizations import erasing


def set_up() -> None:
    erasing.forget_with("tickets", forget_correspondents)


def forget_correspondents(ids: Sequence[int], addresses: Sequence[str]) -> None:
    """Take their names and addresses off what they sent and what was sent to them. Two statements."""
    theirs = select(Comment.id).where(Comment.noun == "ticket", Comment.author_id.in_(ids))
    came_in = TicketMessage.direction == Direction.IN
    db.session.execute(
        update(TicketMessage)
        .where(TicketMessage.comment_id.in_(theirs))
        .values(from_name="", from_address=case((came_in, ""), else_=TicketMessage.from_address))
        .execution_options(synchronize_session=False)
    )
    if not addresses:
        return
    gone = literal(list(addresses), ARRAY(TEXT))
    taking_part = select(TicketParticipant.ticket_id).where(TicketParticipant.member_id.in_(ids))
    db.session.execute(
        update(TicketMessage)
        .where(TicketMessage.ticket_id.in_(taking_part), TicketMessage.to_addresses.op("?|")(gone))
        .values(to_addresses=TicketMessage.to_addresses.op("-")(gone))
        .execution_options(synchronize_session=False)
    )
