"""Telling the story to the application: by its own commands, each at its own moment of the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, text, update

from app.accounts import passwords
from app.accounts.models import User
from app.boards.commands.fields import assign_issues, set_priority, set_state
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.models import Issue, Priority
from app.demo.annotating import deeds_of_labelling
from app.demo.cast import KESTREL, MAIL, PASSWORD, PROJECTS, TIDE, YARD, Colleague, Plan
from app.demo.files import files_with
from app.demo.groups import deeds_of_groups
from app.demo.history import STATES, Past, Sitting, Story, invent
from app.demo.insight import deeds_of_insight
from app.demo.pages import Deed, deeds_on_pages, follow_pages
from app.demo.talk import conversations, words
from app.demo.tickets import deeds_at_the_desk
from app.demo.trails import deeds_of_trails
from app.discussions.commands import Remark, add_comments, upload_files
from app.discussions.models import Attachment, Comment
from app.inbox.commands import follow
from app.inbox.jobs import tell
from app.inbox.models import Notification
from app.kernel import clock
from app.kernel.database import db
from app.kernel.ledger import Activity, record_created
from app.kernel.tenancy import enter
from app.organizations import events
from app.organizations.commands import create_organization
from app.organizations.models import Member
from app.projects.commands.labels import add_label
from app.projects.commands.people import add_people
from app.projects.commands.projects import create_project
from app.projects.models import Project
from app.projects.queries import labels_of, states_of
from app.search.indexing import index_everything

#: Activities at the end of the past of which people are told.
TOLD = 40
#: What is older than this has been read.
READ_AFTER = timedelta(days=3)
_HUES = {"Bug": 1, "Feature": 6, "Design": 8, "Chore": 3}
#: Any number: two processes that seed at once take turns.
LOCK = 7_350_002


def seed(now: datetime) -> None:
    """Make both organizations and all that happened in them. One transaction an organization."""
    users = _users(now)
    _organization("Tidewater Boatyard", "tidewater", TIDE, YARD, users, now)
    _organization("Kestrel Freight", "kestrel", KESTREL, PROJECTS, users, now)


def _users(now: datetime) -> dict[str, User]:
    """Everybody's account, with one hash for all: hashing is slow on purpose."""
    secret = passwords.hash_password(PASSWORD)
    enter(None)
    people = {person.key: person for person in (*KESTREL, *TIDE)}
    began = now - timedelta(days=190)
    users = {
        key: User(
            email=f"{key}@{MAIL}", name=person.name, password_hash=secret, email_verified_at=began, created_at=began
        )
        for key, person in people.items()
    }
    db.session.add_all(users.values())
    db.session.flush()
    return users


def _organization(
    name: str, slug: str, people: Sequence[Colleague], plans: Sequence[Plan], users: dict[str, User], now: datetime
) -> None:
    with clock.at(now - timedelta(days=189)):
        _, owner = create_organization(name=name, slug=slug, timezone="Europe/Berlin", founder=users[people[0].key])
        members = {people[0].key: owner} | {
            person.key: Member(
                user_id=users[person.key].id, name=person.name, email=users[person.key].email, role=person.role
            )
            for person in people[1:]
        }
        db.session.add_all(members.values())
        for person in people:
            members[person.key].hue = person.hue
        db.session.flush()
        for member in list(members.values())[1:]:
            record_created(events.MEMBER_JOINED, [member], by=member)
    past = invent(plans, people, now=now)
    for plan in plans:
        team = [person for person in people if plan.identifier in person.projects and person.share]
        past.sittings += conversations(plan.identifier, past.stories[plan.identifier], team, now)
    past.sittings.sort(key=lambda sitting: sitting.at)
    with clock.at(now - timedelta(days=188)):
        benches = {plan.identifier: _Bench(plan, people, members, past, owner) for plan in plans}
    deeds: list[Deed] = [(sitting.at, partial(benches[sitting.project].do, sitting)) for sitting in past.sittings]
    if slug == "kestrel":
        deeds += deeds_at_the_desk(members, now)
        deeds += deeds_on_pages(members, {key: bench.project for key, bench in benches.items()}, now)
        deeds += deeds_of_labelling(members, now)
        deeds += deeds_of_groups(members, {key: bench.project for key, bench in benches.items()}, now)
        deeds += deeds_of_trails(members, now)
        deeds += deeds_of_insight(members, now)
    for at, do in sorted(deeds, key=lambda deed: deed[0]):
        with clock.at(at):
            do()
    _settle(members, now)
    db.session.commit()
    index_everything()
    db.session.commit()
    enter(None)


class _Bench:
    """One project while its past is told: its rows by the names that the story uses."""

    def __init__(
        self, plan: Plan, people: Sequence[Colleague], members: dict[str, Member], past: Past, owner: Member
    ) -> None:
        self.members = members
        self.project: Project = create_project(
            plan.name,
            plan.identifier,
            by=owner,
            description=plan.description,
            emoji=plan.emoji,
            lead_id=members[plan.lead].id,
        )
        team = [members[person.key] for person in people if plan.identifier in person.projects]
        add_people(self.project, team, by=owner)
        known = {label.name for label in labels_of(self.project.id)}
        used = dict.fromkeys(label for story in past.stories[plan.identifier] for label in story.wording.labels)
        for place, label in enumerate(label for label in used if label not in known):
            add_label(self.project, label, _HUES.get(label, place % 8 + 1), by=owner)
        self.labels = {label.name: label.id for label in labels_of(self.project.id)}
        states = {state.name: state for state in states_of(self.project.id)}
        self.states = [states[name] for name in STATES]
        self.issues: dict[int, Issue] = {}
        self.said: dict[int, Comment] = {}

    def do(self, sitting: Sitting) -> None:
        """Do at once what was done in one sitting."""
        by = self.members[sitting.actor.key]
        if sitting.kind == "make":
            made = create_issues(self.project, [self._draft(story) for story in sitting.stories], by=by)
            self.issues |= {id(story): issue for story, issue in zip(sitting.stories, made, strict=True)}
            return
        issues = [self.issues[id(story)] for story in sitting.stories]
        if sitting.kind in ("say", "answer"):
            self._talk(sitting, issues, by)
            return
        if isinstance(sitting.value, Colleague):
            assign_issues(issues, add=[self.members[sitting.value.key].id], by=by)
        elif sitting.kind == "state":
            set_state(issues, self.states[sitting.value], by=by)
        else:
            set_priority(issues, Priority(sitting.value), by=by)

    def _talk(self, sitting: Sitting, issues: Sequence[Issue], by: Member) -> None:
        """Say something about each of these, or answer what was said last."""
        assert isinstance(sitting.value, int)
        remarks = [
            Remark(
                issue,
                words(sitting.kind, sitting.value + place, story),
                parent=self.said.get(issue.id) if sitting.kind == "answer" else None,
                attachments=_files(issue, sitting.value + place, by),
            )
            for place, (story, issue) in enumerate(zip(sitting.stories, issues, strict=True))
        ]
        made = add_comments(remarks, by=by)
        self.said |= {issue.id: comment for issue, comment in zip(issues, made, strict=True)}

    def _draft(self, story: Story) -> IssueDraft:
        return IssueDraft(
            title=story.wording.title,
            body=story.body,
            state_id=self.states[story.first].id,
            priority=Priority.NONE if story.prioritised else story.wording.priority,
            label_ids=[self.labels[label] for label in story.wording.labels],
            start_date=story.start,
            due_date=story.due,
            assignee_ids=self._workers(story) if story.at_once else (),
        )

    def _workers(self, story: Story) -> list[int]:
        return [self.members[person.key].id for person in (story.worker, story.helper) if person]


def _files(issue: Issue, place: int, by: Member) -> Sequence[Attachment]:
    """What goes along with a remark at this place of the texts."""
    brought = files_with(place, clock.now())
    return upload_files(issue, brought, by=by) if brought else ()


def _settle(members: dict[str, Member], now: datetime) -> None:
    """The past is over: nothing is owed, people follow what is theirs, and the latest news waits for them."""
    db.session.execute(update(Activity).values(dispatched_at=Activity.at))
    _follow()
    latest = db.session.scalars(select(Activity).order_by(Activity.id.desc()).limit(TOLD)).all()
    for activity in reversed(latest):
        with clock.at(activity.at):
            tell(activity)
    db.session.execute(update(Notification).values(mailed_at=Notification.created_at))
    db.session.execute(
        update(Notification)
        .where(Notification.created_at < now - READ_AFTER)
        .values(read_at=Notification.created_at + timedelta(minutes=35))
    )
    for member in members.values():
        member.last_seen_at = now - timedelta(hours=3)


def _follow() -> None:
    """Whoever made an issue, works on it or talked about it watches it, as it would be had the story happened here."""
    pairs = db.session.execute(
        text(
            "SELECT created_by_id, id FROM issues UNION SELECT member_id, issue_id FROM issue_assignees"
            " UNION SELECT author_id, subject_id FROM comments WHERE noun = 'issue' ORDER BY 1, 2"
        )
    )
    follow("issue", [(member_id, issue_id) for member_id, issue_id in pairs])
    follow_pages()
