"""What ties the demo together: tickets handed to boards, links between nouns, and what Alice keeps at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.boards.commands.making import IssueDraft
from app.boards.models import Issue, Priority
from app.dashboards.models import Dashboard
from app.demo.pages import Deed
from app.desk.models import Ticket
from app.handoffs.tickets_to_issues import hand_over, hand_to
from app.kernel.database import db
from app.organizations.models import Member
from app.pages.models import Page
from app.projects.models import Project
from app.search.commands.favourites import make_folder, place_favourite, toggle_favourite
from app.search.commands.links import link_nouns
from app.search.commands.visits import note_visit
from app.search.models import Favourite

#: Subject of a ticket: (project, the issue made of it).
_HANDED = {
    "Nothing moves on the map for KF-88240": ("WEB", "Live map stands still when a tracker reports twice"),
    "API returns 502 for lane NL–PL": ("WEB", "Rates of lanes without a tariff end in a 502"),
    "Cannot print label on A5": ("WH", "Labels on A5 lose their right edge"),
}
_QUOTE = "> {words}\n\nFrom ticket #{number}. The customer waits for an answer today."


def deeds_of_trails(members: Mapping[str, Member], now: datetime) -> list[Deed]:
    """Tickets are handed on in the last hours; then things are tied together and put at hand."""
    handed = [
        (now - timedelta(minutes=95 - 25 * turn), partial(_hand, subject, *issue, members["anna"]))
        for turn, (subject, issue) in enumerate(_HANDED.items())
    ]
    return [*handed, (now - timedelta(minutes=12), partial(_tie, members["alice"], members["anna"]))]


def _hand(subject: str, identifier: str, title: str, by: Member) -> None:
    ticket = _first(Ticket, Ticket.subject == subject)
    words = "The customer says that it has been so since this morning."
    draft = IssueDraft(title, _QUOTE.format(words=words, number=ticket.number), priority=Priority.HIGH)
    hand_over(ticket, _first(Project, Project.identifier == identifier), draft, wait=True, by=by)


def _tie(alice: Member, anna: Member) -> None:
    web = _first(Project, Project.identifier == "WEB")
    map_issue = _first(Issue, Issue.title == _HANDED["Nothing moves on the map for KF-88240"][1])
    went_wrong = _first(Page, Page.title == "The map stood still for a morning")
    link_nouns(map_issue, went_wrong, by=anna)
    hand_to(_first(Ticket, Ticket.subject == "Push messages for each stop?"), map_issue, wait=False, by=anna)
    handbook, numbers = _first(Page, Page.title == "Handbook"), _first(Dashboard, Dashboard.name == "Delivery")
    for row in (web, numbers, handbook, map_issue, went_wrong):
        toggle_favourite(row, by=alice)
        note_visit(row, by=alice)
    folder = make_folder("The map", by=alice)
    kept = db.session.scalars(select(Favourite).where(Favourite.noun.is_not(None)).order_by(Favourite.rank)).all()
    for favourite in kept[-2:]:
        place_favourite(favourite, folder=folder, after=None, by=alice)


def _first(model: Any, clause: Any) -> Any:
    return db.session.scalars(select(model).where(clause).order_by(model.id).limit(1)).one()
