"""What is said about a noun, as its page shows it: a fixed number of statements, however much that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ARRAY, BigInteger, ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased, contains_eager

from app.activity.queries import Entry, history_of
from app.discussions import events
from app.discussions.models import Attachment, Comment, Emoji, Reaction
from app.discussions.policies import open_to, visible_to
from app.discussions.queries.files import files_under
from app.discussions.queries.subjects import subject_named
from app.documents.models import Document
from app.kernel.database import current_organization_id, db
from app.kernel.errors import NotFound
from app.kernel.events import Noun, noun_of
from app.organizations.models import Member

#: What a page may be narrowed to, by its name in the address.
Show = Literal["all", "comments", "history"]
#: Threads, and entries of the history, that a page shows; and those that it shows when it is asked for earlier ones.
PAGE, MOST = 50, 500
_SHOWN_THEMSELVES = (events.ADDED.name, events.ATTACHED_TO_COMMENT.name)


@dataclass(frozen=True)
class Signs:
    """One sign under a comment: who put it there, first come first, and whether the reader did."""

    emoji: Emoji
    names: Sequence[str]
    mine: bool


@dataclass
class Said:
    """A comment as it is shown; of a thread's first one also the replies."""

    comment: Comment
    author: Member | None
    resolver: Member | None = None
    replies: list[Said] = field(default_factory=list)
    signs: list[Signs] = field(default_factory=list)
    files: Sequence[Attachment] = ()

    @property
    def at(self) -> datetime:
        return self.comment.created_at

    @property
    def author_name(self) -> str:
        return self.author.name if self.author else "Trestleboard"

    @property
    def count(self) -> int:
        """Comments of the thread that stand."""
        return sum(said.comment.deleted_at is None for said in (self, *self.replies))


@dataclass(frozen=True)
class Discussion:
    """What is said about `subject` and what happened to it, oldest first."""

    subject: Any
    noun: Noun
    show: Show
    threads: Sequence[Said]
    entries: Sequence[Entry]
    #: There is more than is shown here.
    more: bool
    #: More was asked for.
    earlier: bool

    @property
    def id(self) -> str:
        return f"{self.noun.name}-{self.subject.id}"

    @property
    def items(self) -> list[Said | Entry]:
        """Threads and entries in one order of time. Among all, a comment stands for its own entry."""
        if self.show == "comments":
            return list(self.threads)
        if self.show == "history":
            return list(reversed(self.entries))
        happened = [entry for entry in self.entries if entry.verb not in _SHOWN_THEMSELVES]
        return sorted([*self.threads, *happened], key=lambda item: item.at)

    @property
    def count(self) -> int:
        return sum(thread.count for thread in self.threads)

    @property
    def query(self) -> str:
        """What an address needs to show the same."""
        return "".join((f"&show={self.show}" if self.show != "all" else "", "&earlier" if self.earlier else ""))


def discussion_of(subject: Any, member: Member, args: Mapping[str, str]) -> Discussion:
    """As an address (`args`) asks for it by `show` and `earlier`. The caller has checked that it may be seen."""
    asked, earlier = args.get("show"), "earlier" in args
    show: Show = "comments" if asked == "comments" else "history" if asked == "history" else "all"
    most = MOST if earlier else PAGE
    threads = _threads(subject, member, most + 1)
    entries = history_of(subject, limit=most + 1)
    more = not earlier and max(len(threads), len(entries)) > most
    return Discussion(subject, noun_of(subject), show, threads[-most:], entries[:most], more, earlier)


def _threads(subject: Any, member: Member, most: int) -> list[Said]:
    """The latest threads, in order. A deleted comment is there while a reply to it stands. Three statements."""
    reply = aliased(Comment)
    replied = exists().where(
        reply.organization_id == Comment.organization_id, reply.parent_id == Comment.id, reply.deleted_at.is_(None)
    )
    about = and_(Comment.noun == noun_of(subject).name, Comment.subject_id == subject.id, open_to(member))
    latest = (
        select(Comment.id)
        .where(about, Comment.parent_id.is_(None), or_(Comment.deleted_at.is_(None), replied))
        .order_by(Comment.id.desc())
        .limit(most)
    )
    resolver = aliased(Member)
    rows = db.session.execute(
        select(Comment, Member, resolver)
        .join(Comment.document)
        .options(contains_eager(Comment.document).load_only(Document.html, Document.version))
        .outerjoin(Member, _is(Member, Comment.author_id))
        .outerjoin(resolver, _is(resolver, Comment.resolved_by_id))
        .where(about, or_(Comment.id.in_(latest), and_(Comment.parent_id.in_(latest), Comment.deleted_at.is_(None))))
        .order_by(Comment.id)
    )
    threads: dict[int, Said] = {}
    for comment, author, settler in rows:
        if comment.parent_id is None:
            threads[comment.id] = Said(comment, author, settler)
        elif comment.parent_id in threads:
            threads[comment.parent_id].replies.append(Said(comment, author))
    said = [one for thread in threads.values() for one in (thread, *thread.replies)]
    _sign(said, member)
    standing = files_under([one.comment.id for one in said if one.comment.deleted_at is None], member)
    for one in said:
        one.files = standing.get(one.comment.id, ())
    return list(threads.values())


def _sign(said: Sequence[Said], member: Member) -> None:
    """Put the signs under these comments: one statement."""
    if not said:
        return
    by_id = {one.comment.id: one for one in said}
    rows = db.session.execute(
        select(
            Reaction.comment_id,
            Reaction.emoji,
            func.array_agg(aggregate_order_by(Member.name, Reaction.id)),
            func.bool_or(Reaction.member_id == member.id),
        )
        .join(Member, and_(Member.organization_id == Reaction.organization_id, Member.id == Reaction.member_id))
        .where(Reaction.comment_id == func.any(bindparam("ids", list(by_id), type_=ARRAY(BigInteger))))
        .group_by(Reaction.comment_id, Reaction.emoji)
        .order_by(func.min(Reaction.id))
    )
    for comment_id, emoji, names, mine in rows:
        by_id[comment_id].signs.append(Signs(emoji, names, mine))


def _is(member: Any, column: Any) -> ColumnElement[bool]:
    return and_(member.organization_id == Comment.organization_id, member.id == column)


def said_by(member: Member, comment: Comment) -> Said:
    """A member's own comment, to be shown again after a change of it."""
    return Said(comment, member)


def comment_by_id(member: Member, comment_id: int) -> Comment:
    """A comment that stands, with its text and what it is `about`. Raises NotFound. Two statements."""
    return _one(member, comment_id, Comment.deleted_at.is_(None))


def deleted_comment(member: Member, comment_id: int) -> Comment:
    """The same of one that was deleted."""
    return _one(member, comment_id, Comment.deleted_at.is_not(None))


def _one(member: Member, comment_id: int, state: ColumnElement[bool]) -> Comment:
    comment = db.session.scalar(
        select(Comment)
        .join(Comment.document)
        .options(contains_eager(Comment.document))
        .where(Comment.id == comment_id, state, visible_to(member))
    )
    if comment is None:
        raise NotFound
    comment.about = subject_named(member, comment.noun, comment.subject_id)
    return comment


def comment_on(subject: Any, member: Member, comment_id: int) -> Comment | None:
    """A comment on this very noun, to reply to."""
    return db.session.scalar(
        select(Comment).where(
            Comment.id == comment_id,
            Comment.noun == noun_of(subject).name,
            Comment.subject_id == subject.id,
            open_to(member),
        )
    )


def is_recent(comment: Comment) -> bool:
    """Whether the page shows it without being asked for earlier ones."""
    thread = comment.parent_id or comment.id
    later = (
        select(Comment.id)
        .where(
            Comment.noun == comment.noun,
            Comment.subject_id == comment.subject_id,
            Comment.parent_id.is_(None),
            Comment.id > thread,
        )
        .limit(PAGE)
    )
    return len(db.session.scalars(later).all()) < PAGE


def comments_on(noun: str, ids: Sequence[int]) -> dict[int, int]:
    """How many comments stand on each of these nouns (`noun` is their kind); those without any are left out."""
    if not ids:
        return {}
    rows = db.session.execute(_COUNTED, {"organization": current_organization_id(), "noun": noun, "ids": list(ids)})
    return {row.subject_id: row.said for row in rows}


# One array and not `IN (…)`: its text would grow with the nouns, and nobody could keep it prepared.
_COUNTED = (
    select(Comment.subject_id, func.count().label("said"))
    .where(
        Comment.organization_id == bindparam("organization", type_=BigInteger),
        Comment.noun == bindparam("noun"),
        Comment.subject_id == func.any(bindparam("ids", type_=ARRAY(BigInteger))),
        Comment.deleted_at.is_(None),
    )
    .group_by(Comment.subject_id)
)
