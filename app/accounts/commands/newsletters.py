"""Newsletters: who wants which, and getting one to everybody who does, once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from itsdangerous import BadSignature
from markdown_it import MarkdownIt
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts import letters
from app.accounts.models import Newsletter, Subscription, Topic, User
from app.kernel.clock import now
from app.kernel.crypto import signer
from app.kernel.database import db
from app.kernel.jobs import ask
from app.kernel.words import gettext as _
from app.kernel.words import reading

#: People who are written to in one transaction.
BATCH = 100
_PURPOSE = "newsletter"


def topics_of(user_id: int) -> set[Topic]:
    """What a person reads."""
    return set(db.session.scalars(select(Subscription.topic).where(Subscription.user_id == user_id)))


def choose_topics(user_id: int, wanted: Collection[Topic]) -> None:
    """Read these from now on, and no others."""
    unwanted = [topic for topic in Topic if topic not in wanted]
    db.session.execute(
        delete(Subscription).where(Subscription.user_id == user_id, Subscription.topic.in_(unwanted)),
        execution_options={"synchronize_session": False},
    )
    if wanted:
        rows = insert(Subscription).values([{"user_id": user_id, "topic": topic, "since": now()} for topic in wanted])
        db.session.execute(rows.on_conflict_do_nothing())


def unsubscribe_token(user_id: int, topic: Topic) -> str:
    """Ends one person's subscription to one topic, at any time later, and opens nothing else."""
    return str(signer(_PURPOSE).dumps([user_id, topic.value]))


def read_token(token: str) -> tuple[int, Topic] | None:
    """Whose subscription to what a token ends."""
    try:
        user_id, topic = signer(_PURPOSE).loads(token)
        return int(user_id), Topic(topic)
    except (BadSignature, ValueError, TypeError):
        return None


def unsubscribe(user_id: int, topic: Topic) -> None:
    choose_topics(user_id, topics_of(user_id) - {topic})


def count_readers(topic: Topic) -> int:
    return db.session.scalar(select(func.count()).select_from(_readers(topic).subquery())) or 0


def send_newsletter(topic: Topic, subject: str, body: str) -> Newsletter:
    """Have a newsletter (Markdown) sent to everybody who reads the topic."""
    newsletter = Newsletter(topic=topic, subject=subject, body=body)
    db.session.add(newsletter)
    db.session.flush()
    ask("post_newsletter", newsletter.id, key=f"{newsletter.id}-0")
    return newsletter


def post_batch(newsletter_id: int, *, unsubscribe_at: Callable[[str], str]) -> bool:
    """Write to the next readers; whether there may be more.

    Letters and the place where it stands are committed together, and the row is locked: however often a worker dies
    or a job is repeated, nobody is written to twice or left out.
    """
    newsletter = db.session.scalar(
        select(Newsletter)
        .where(Newsletter.id == newsletter_id, Newsletter.finished_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if newsletter is None:
        return False
    readers = _readers(newsletter.topic).where(User.id > newsletter.last_user_id).order_by(User.id).limit(BATCH)
    written = db.session.scalars(readers).all()
    html = MarkdownIt("commonmark", {"html": False}).render(newsletter.body)
    for user in written:
        _post(user, newsletter, html, unsubscribe_at(unsubscribe_token(user.id, newsletter.topic)))
    if written:
        newsletter.last_user_id = written[-1].id
        newsletter.sent_count += len(written)
    if len(written) < BATCH:
        newsletter.finished_at = now()
        return False
    ask("post_newsletter", newsletter.id, key=f"{newsletter.id}-{newsletter.last_user_id}")
    return True


def _post(user: User, newsletter: Newsletter, html: str, stop: str) -> None:
    with reading(user.language):
        end = _("You get this because you asked for it. One click ends it:")
        letters.send(
            user.email,
            newsletter.subject,
            f"{newsletter.body.rstrip()}\n\n-- \n{end}\n{stop}\n",
            html=f'{html}<hr><p>{end} <a href="{stop}">{_("Unsubscribe")}</a></p>',
            # RFC 8058: mail programs may show a button of their own.
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def _readers(topic: Topic) -> Any:
    wants = select(Subscription.user_id).where(Subscription.topic == topic)
    return select(User).where(User.id.in_(wants), User.deactivated_at.is_(None), User.email_verified_at.is_not(None))
