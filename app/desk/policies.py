"""Who sees a ticket, and who may work on it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false, or_, true

from app.desk.models import Queue, Ticket, TicketParticipant
from app.kernel.access import ADMINS, Role, grant, permissions, rule
from app.kernel.words import lazy
from app.organizations.models import Member


class P(StrEnum):
    VIEW = "ticket:view"
    CREATE = "ticket:create"
    REPLY = "ticket:reply"
    NOTE = "ticket:note"
    EDIT = "ticket:edit"
    ASSIGN = "ticket:assign"
    RESOLVE = "ticket:resolve"
    DELETE = "ticket:delete"
    MANAGE_QUEUES = "ticket:manage_queues"
    #: The customers' pages; colleagues who come there are led to their own.
    PORTAL = "portal:view"
    #: Open tickets of one's own, and write to those that one takes part in.
    ASK = "portal:ask"
    #: One's own ticket.
    CLOSE = "portal:close"


#: Those who answer customers.
AGENTS = (*ADMINS, Role.MANAGER, Role.AGENT)

permissions(
    P,
    lazy("Tickets"),
    VIEW=lazy("see all tickets"),
    CREATE=lazy("open tickets for customers"),
    REPLY=lazy("answer customers"),
    NOTE=lazy("write internal notes"),
    EDIT=lazy("change subject, priority, queue and tags"),
    ASSIGN=lazy("assign tickets"),
    RESOLVE=lazy("resolve and reopen tickets"),
    DELETE=lazy("delete and restore tickets"),
    MANAGE_QUEUES=lazy("shape queues"),
    PORTAL=lazy("open the customers' portal"),
    ASK=lazy("ask in the portal, as customers do"),
    CLOSE=lazy("close their own tickets in the portal"),
)

grant(P.VIEW, *AGENTS, Role.TECHNICIAN)
for _permission in (P.CREATE, P.REPLY, P.NOTE, P.EDIT, P.ASSIGN, P.RESOLVE):
    grant(_permission, *AGENTS)
grant(P.DELETE, *ADMINS, Role.MANAGER)
grant(P.MANAGE_QUEUES, *ADMINS, Role.MANAGER)
grant(P.PORTAL, *Role)
grant(P.ASK, Role.CUSTOMER)
grant(P.CLOSE, Role.CUSTOMER)


def visible_to(member: Member) -> ColumnElement[bool]:
    """Agents see every ticket; everybody else, customers too, those they take part in. None that is deleted."""
    there = Ticket.deleted_at.is_(None)
    return there if member.may(P.VIEW) else there & takes_part(member)


def takes_part(member: Member) -> ColumnElement[bool]:
    """Tickets of a member's own, and those that they were brought into."""
    joined = exists().where(
        TicketParticipant.organization_id == Ticket.organization_id,
        TicketParticipant.ticket_id == Ticket.id,
        TicketParticipant.member_id == member.id,
    )
    return or_(Ticket.customer_id == member.id, joined)


def queues_visible_to(member: Member) -> ColumnElement[bool]:
    return true() if member.may(P.VIEW) else false()


@rule(P.VIEW)
def may_view(member: Member, subject: Ticket | Queue) -> bool:
    """The agents' page of a ticket, which shows notes too: never a customer's. The loader found that it may be seen."""
    return member.is_colleague if isinstance(subject, Ticket) else member.may(P.VIEW)


@rule(P.CLOSE)
def may_close(member: Member, ticket: Ticket) -> bool:
    return member.may(P.CLOSE) and ticket.customer_id == member.id
