"""The demo's wiki: what Kestrel Freight has written down, who wrote it when, and what was said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import text

from app.demo.content import bodies
from app.discussions.commands import Remark, add_comments
from app.inbox.commands import follow
from app.kernel.database import db
from app.organizations.models import Member
from app.pages.commands.editing import edit_page
from app.pages.commands.keeping import lock_pages
from app.pages.commands.making import PageDraft, create_pages
from app.pages.models import Access, Page
from app.projects.models import Project

#: When something was done, and the doing of it.
Deed = tuple[datetime, Callable[[], object]]

#: (page, who, days ago, what is put in place of what)
_EDITS = (
    ("on-call", "anna", 64, "One week each, from Monday ten o'clock.", "One week each, from Monday at ten."),
    ("long", "lena", 33, "is only that, a proposal; Lena's people know", "is only that: Lena's people know"),
    (
        "web-release",
        "anna",
        21,
        "Every Tuesday and Thursday at ten",
        "Every Tuesday and Thursday at ten, never on a Friday",
    ),
    ("fin-wiki", "nour", 9, "The first hour at a gate is ours.", "The first hour at a gate is on us."),
)
#: (page, who, days ago, what they say)
_REMARKS = (
    ("first-week", "jun", 110, "The shoes take a week to come. Can we ask for the size in the contract?"),
    ("first-week", "anna", 109, "Good idea, I have put it into the letter."),
    ("on-call", "bob", 60, "@Jun who may call the port at night? I did not find it here."),
    ("long", "nora", 40, "I read this on the train and understood the company for the first time."),
    ("long", "nour", 39, "The part about 50 € is right, but please do not tell customers."),
    ("double", "tomas", 28, "Two of them asked me about it at the gate. Did we write to everybody?"),
    ("web-release", "jun", 18, "The rollback took three minutes on Tuesday, not forty seconds."),
)


@dataclass
class _Wiki:
    members: Mapping[str, Member]
    projects: Mapping[str, Project]
    pages: dict[str, Page]

    def write(self, key: str, parent: str, place: str, author: str, emoji: str, title: str, body: str) -> None:
        access = Access.PRIVATE if place == "private" else Access.PUBLIC
        draft = PageDraft(title, body, emoji or None, access)
        above = self.pages[parent] if parent else None
        [self.pages[key]] = create_pages(
            [draft], project=self.projects.get(place), parent=above, by=self.members[author]
        )

    def edit(self, key: str, who: str, old: str, new: str) -> None:
        page = self.pages[key]
        body = page.document.body.replace(old, new)
        edit_page(page, title=page.title, emoji=page.emoji, body=body, by=self.members[who])

    def say(self, key: str, who: str, words: str) -> None:
        add_comments([Remark(self.pages[key], words)], by=self.members[who])

    def lock(self, key: str, who: str) -> None:
        lock_pages([self.pages[key]], by=self.members[who])


def deeds_on_pages(members: Mapping[str, Member], projects: Mapping[str, Project], now: datetime) -> list[Deed]:
    """All that was done to the pages, to be done among the rest of the story."""
    wiki = _Wiki(members, projects, {})
    deeds: list[Deed] = []
    for place, (heading, [body]) in enumerate(bodies("wiki.md").items()):
        key, parent, where, author, days, emoji, title = heading.split("|")
        at = now - timedelta(days=int(days), minutes=90 - place)
        deeds.append((at, partial(wiki.write, key, parent, where, author, emoji, title, body)))
    for key, who, ago, old, new in _EDITS:
        deeds.append((now - timedelta(days=ago, hours=1), partial(wiki.edit, key, who, old, new)))
    for key, who, ago, words in _REMARKS:
        deeds.append((now - timedelta(days=ago, hours=2), partial(wiki.say, key, who, words)))
    deeds.append((now - timedelta(days=50), partial(wiki.lock, "road", "lena")))
    return deeds


def follow_pages() -> None:
    """Whoever keeps a page or talked about it watches it."""
    pairs = db.session.execute(
        text(
            "SELECT owner_id, id FROM pages UNION"
            " SELECT author_id, subject_id FROM comments WHERE noun = 'page' ORDER BY 1, 2"
        )
    )
    follow("page", [(member_id, page_id) for member_id, page_id in pairs])
