"""The demo: made once, believable, and nobody else's business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from app.boards.models import Issue
from app.demo import seed_if_empty
from app.discussions.models import Attachment, Comment
from app.inbox.models import Notification, Reason
from app.kernel import clock
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import enter
from app.organizations import queries
from app.organizations.models import Member
from app.projects.models import Project, State, StateGroup
from tests.conftest import empty

#: A Wednesday afternoon: what a demo holds depends on the day and the hour at which it is made.
WHEN = datetime(2026, 3, 4, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(app: Flask, owner: sa.Engine) -> Iterator[int]:
    """The demo, told once for all tests that only look at it; the number of Kestrel Freight."""
    with clock.at(WHEN):
        with app.app_context():
            assert seed_if_empty(app) == 'alice@demo.example, password "trestleboard"'
            organization_id = queries.organization_id_of("kestrel")
            db.session.remove()
        assert organization_id
        yield organization_id
    empty(app, owner)


@pytest.fixture(autouse=True)
def _clean(app: Flask) -> Iterator[None]:
    """Unlike elsewhere the database stays as it is: these tests share it."""
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def demo(told: int) -> Iterator[int]:
    """Inside Kestrel Freight."""
    enter(told)
    yield told
    db.session.rollback()


def count(model: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_people_talk_about_the_work_and_answer_each_other(demo: int) -> None:
    said = db.session.scalars(select(Comment)).all()
    replies = [comment for comment in said if comment.parent_id]
    assert len(said) > 40
    assert len(replies) > 15
    by_id = {comment.id: comment for comment in said}
    assert all(by_id[reply.parent_id].author_id != reply.author_id for reply in replies)
    assert all(comment.created_at < now() for comment in said)


def test_they_bring_pictures_and_tables_along(demo: int) -> None:
    brought = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert {"image/png", "text/plain"} <= {attachment.media_type for attachment in brought}
    assert all(attachment.preview for attachment in brought if attachment.media_type == "image/png")
    assert all(attachment.comment_id for attachment in brought)
    assert all(attachment.created_at < now() for attachment in brought)


def test_a_house_that_is_not_empty_stays_as_it_is(app: Flask, demo: int) -> None:
    before = count(Issue), count(Activity)
    db.session.rollback()
    assert seed_if_empty(app) == 'alice@demo.example, password "trestleboard"'
    enter(demo)
    assert (count(Issue), count(Activity)) == before


def test_it_is_large_and_varied(demo: int) -> None:
    assert count(Issue) >= 300
    assert count(Project) >= 4
    assert count(Member) >= 9
    titles = set(db.session.scalars(select(Issue.title)))
    assert len(titles) == count(Issue)
    assert any(len(title) > 200 for title in titles)
    assert any("\u0590" < char < "\u0700" for title in titles for char in title)
    assert any(ord(char) > 0x1F300 for title in titles for char in title)
    today = now().date()
    open_ones = Issue.state_id.in_(
        select(State.id).where(State.group.not_in([StateGroup.COMPLETED, StateGroup.CANCELLED]))
    )
    assert count(Issue, open_ones, Issue.due_date < today) >= 10
    assert count(Issue, open_ones, Issue.due_date == today) >= 1
    assert count(Issue, open_ones, Issue.due_date > today) >= 30
    for project in db.session.scalars(select(Project).where(Project.id.in_(select(Issue.project_id)))):
        groups = Counter(
            db.session.scalars(
                select(State.group).join(Issue, Issue.state_id == State.id).where(Issue.project_id == project.id)
            )
        )
        assert set(groups) == set(StateGroup), project.name


def test_every_history_ends_in_the_present(demo: int) -> None:
    issues = {issue.id: issue for issue in db.session.scalars(select(Issue))}
    seen: dict[int, dict[str, Any]] = {}
    moments: dict[int, Any] = {}
    rows = db.session.execute(
        select(Change.subject_id, Change.fields, Activity.verb, Activity.at)
        .join(Activity, Activity.id == Change.activity_id)
        .where(Change.noun == "issue")
        .order_by(Activity.id)
    )
    for issue_id, fields, verb, at in rows:
        assert (verb == "issue.created") == (issue_id not in seen)
        assert at >= moments.get(issue_id, at)
        moments[issue_id] = at
        known = seen.setdefault(issue_id, {})
        if verb.startswith("comment."):
            continue  # whom it names is its own text's affair
        for name, (old, new) in fields.items():
            assert known.get(name, old) == old
            known[name] = new
    assert seen.keys() == issues.keys()
    for issue_id, known in seen.items():
        issue = issues[issue_id]
        assert known.get("state_id", issue.state_id) == issue.state_id
        assert known.get("priority", issue.priority) == issue.priority
        assert moments[issue_id] <= now()
        assert issue.created_at <= issue.updated_at <= now()
    done = set(db.session.scalars(select(State.id).where(State.group == StateGroup.COMPLETED)))
    assert all((issue.completed_at is not None) == (issue.state_id in done) for issue in issues.values())


def test_activities_are_told_in_the_order_they_happened(demo: int) -> None:
    moments = db.session.scalars(select(Activity.at).order_by(Activity.id)).all()
    assert list(moments) == sorted(moments)
    assert count(Activity, Activity.dispatched_at.is_(None)) == 0
    assert len({moment.date() for moment in moments}) > 60


def test_news_waits_for_alice(demo: int) -> None:
    alice = db.session.scalars(select(Member).where(Member.email == "alice@demo.example")).one()
    unread = count(Notification, Notification.member_id == alice.id, Notification.read_at.is_(None))
    assert 3 <= unread <= 30
    assigned = count(
        Notification,
        Notification.member_id == alice.id,
        Notification.reason == Reason.ASSIGNED,
        Notification.created_at > now() - timedelta(hours=5),
    )
    assert assigned >= 3
    assert count(Notification, Notification.mailed_at.is_(None)) == 0


def test_other_organizations_have_nothing_of_it(demo: int) -> None:
    other = queries.organization_id_of("tidewater")
    assert other
    assert other != demo
    titles = set(db.session.scalars(select(Issue.title)))
    enter(other)
    mine = set(db.session.scalars(select(Issue.title)))
    assert 5 < len(mine) < 20
    assert not mine & titles
    assert count(Member) == 2
