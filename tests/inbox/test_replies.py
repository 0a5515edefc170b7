"""Answers to notifications by mail: comments of those who may, and nothing else."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import delete, select, update

from app.accounts.models import User
from app.discussions.models import Comment
from app.documents.models import Document
from app.inbox.models import Notification
from app.inbox.replies import KIND, tag_for
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.mailboxes.commands import receive_mail, serve_address
from app.mailboxes.models import Fate, IncomingMail
from app.organizations.models import Member
from app.projects.models import ProjectMember
from tests.inbox.conftest import Story
from tests.postoffice import PostOffice
from tests.world import Person, World

ADDRESS = "reply@acme.test"
_numbers = itertools.count(1)


class Answering:
    """Bob was told of an issue by mail, and answers."""

    def __init__(self, world: World, work: Callable[[], None], to: str) -> None:
        self.world, self.work, self.to = world, work, to

    def answer(self, text: str, *more: str, sender: str = "Bob <bob@example.test>", to: str = "") -> IncomingMail:
        """Send a mail, do all the work that follows, and say what became of it."""
        lines = [f"From: {sender}", f"To: {to or self.to}", "Subject: Re: Printer on fire", *more]
        if not any(line.startswith("Message-ID") for line in more):
            lines.append(f"Message-ID: <{next(_numbers)}@bob.test>")
        enter(None)
        receipt = receive_mail(io.BytesIO("\r\n".join([*lines, "", text]).encode()), to=to or self.to)
        self.work()
        enter(receipt.organization_id)
        return db.session.scalars(select(IncomingMail).where(IncomingMail.id == receipt.mail_id)).one()

    def comments(self) -> list[str]:
        with organization(self.world.organization_id):
            said = select(Document.body).join(Comment, Comment.document_id == Document.id).order_by(Comment.id)
            return list(db.session.scalars(said))


@pytest.fixture
def told(
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    smtp: PostOffice,
    scheduler: sa.Engine,
    work: Callable[[], None],
) -> Answering:
    with organization(world.organization_id):
        serve_address(KIND, world.organization_id, ADDRESS, by=alice.member)
    story.assigns(alice, bob, world.issue("Printer on fire"))
    with at(now() + timedelta(minutes=11)):
        timers.tick(scheduler)
        work()
    (letter,) = smtp.letters
    smtp.letters.clear()
    return Answering(world, work, str(letter["Reply-To"]))


def test_an_answer_becomes_a_comment_without_what_it_quotes(told: Answering, bob: Person, world: World) -> None:
    mail = told.answer("It was the toner.\r\n\r\nOn Monday Trestleboard wrote:\r\n> Alice assigned you\r\n> WEB-1")
    assert (mail.fate, mail.noun) == (Fate.FILED, "issue")
    assert told.comments() == ["It was the toner."]
    with organization(world.organization_id):
        comment = db.session.scalars(select(Comment)).one()
        assert (comment.author_id, comment.noun, comment.internal) == (bob.member_id, "issue", True)


def test_an_answer_to_a_comment_joins_its_thread(
    told: Answering, alice: Person, bob: Person, world: World, work: Callable[[], None]
) -> None:
    issue = world.ids.web and _subject(world)
    alice.post(f"/acme/issue/{issue}/comments", {"body": "What smells?"})
    work()
    with organization(world.organization_id):
        note = db.session.scalars(select(Notification).order_by(Notification.id.desc())).first()
        assert note
        assert (note.member_id, note.kind) == (bob.member_id, "commented")
        to = f"reply+{tag_for(note.id, bob.member_id)}@acme.test"
    told.answer("The toner.", to=to)
    with organization(world.organization_id):
        first, second = db.session.scalars(select(Comment).order_by(Comment.id))
        assert second.parent_id == first.id


def _subject(world: World) -> int:
    with organization(world.organization_id):
        return db.session.scalars(select(Notification.subject_id)).one()


@pytest.mark.parametrize(
    "sender", ["Bob <mallory@example.test>", "olaf@example.test", "bob@example.test.evil.test", "carol@example.test"]
)
def test_another_senders_answer_is_none(told: Answering, sender: str) -> None:
    assert told.answer("Do as I say.", sender=sender).fate is Fate.IGNORED
    assert told.comments() == []


def test_a_forged_tag_leads_nowhere(told: Answering, alice: Person, bob: Person, world: World) -> None:
    with organization(world.organization_id):
        (note,) = db.session.scalars(select(Notification))
        good, others = tag_for(note.id, bob.member_id), tag_for(note.id, alice.member_id)
    signed = good.partition("-")[2]
    bad = "b" if signed[0] != "b" else "c"
    for tag in (others, f"n{note.id + 1}-{signed}", f"n{note.id}-{bad}{signed[1:]}", f"t{note.id}-{signed}", "n1", "x"):
        assert told.answer("Let me in.", to=f"reply+{tag}@acme.test").fate is Fate.IGNORED, tag
    assert told.answer("Let me in.", to=ADDRESS).fate is Fate.IGNORED
    assert told.comments() == []


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "List-Id: <all.example.test>"],
)
def test_machines_are_not_heard(told: Answering, smtp: PostOffice, header: str) -> None:
    assert told.answer("I am on holiday.", header).fate is Fate.IGNORED
    assert (told.comments(), smtp.letters) == ([], [])


def test_what_comes_twice_is_said_once(told: Answering) -> None:
    for text in ("It was the toner.", "It was the toner. -- sent again by another server"):
        told.answer(text, "Message-ID: <same@bob.test>")
    assert told.comments() == ["It was the toner."]


@pytest.mark.parametrize("why", ["out of the project", "a viewer now", "left", "deactivated", "the issue is deleted"])
def test_who_may_not_any_more_is_told_once(
    told: Answering, smtp: PostOffice, alice: Person, bob: Person, world: World, owner: sa.Engine, why: str
) -> None:
    with organization(world.organization_id):
        if why == "out of the project":
            db.session.execute(delete(ProjectMember).where(ProjectMember.member_id == bob.member_id))
        elif why == "a viewer now":
            db.session.execute(update(Member).where(Member.id == bob.member_id).values(role="viewer"))
        elif why == "left":
            db.session.execute(update(Member).where(Member.id == bob.member_id).values(left_at=now()))
    if why == "deactivated":
        with owner.begin() as connection:
            connection.execute(sa.update(User).where(User.id == bob.user_id).values(deactivated_at=now()))
    if why == "the issue is deleted":
        assert alice.post("/acme/issues/WEB-1/deletion").status_code == 303
    for _ in range(2):
        told.answer("It was the toner.")
    assert told.comments() == []
    assert len(smtp.letters) == (0 if why in ("left", "deactivated") else 1)
    for letter in smtp.letters:
        assert letter["To"] == "bob@example.test"
        text = letter.get_body(("plain",))
        assert text
        assert "It was the toner." in text.get_content()
        assert "Printer" not in text.get_content()


def test_an_empty_answer_is_not_taken(told: Answering) -> None:
    told.answer("\r\n")
    assert told.comments() == []


def test_many_things_in_one_mail_take_no_answer(
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    smtp: PostOffice,
    scheduler: sa.Engine,
    work: Callable[[], None],
) -> None:
    with organization(world.organization_id):
        serve_address(KIND, world.organization_id, ADDRESS, by=alice.member)
    for issue in world.issues(2):
        story.assigns(alice, bob, issue)
    with at(now() + timedelta(minutes=11)):
        timers.tick(scheduler)
        work()
    (letter,) = smtp.letters
    assert letter["Reply-To"] is None


def test_administrators_say_where_answers_go(cast: dict[str, Person], world: World) -> None:
    page = "/acme/settings/replies"
    assert cast["alice"].post(page, {"address": "Reply@Acme.test"}).status_code == 303
    assert 'value="reply@acme.test"' in cast["alice"].get(page).text
    assert cast["alice"].post(page, {"address": "nonsense"}).status_code == 422
    assert cast["bob"].get(page).status_code == 403
    assert cast["mallory"].post("/rival/settings/replies", {"address": ADDRESS}).status_code == 422, "it is Acme's"
    assert cast["alice"].post(page, {"address": ""}).status_code == 303
    assert 'value="reply@acme.test"' not in cast["alice"].get(page).text
