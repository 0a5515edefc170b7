"""The cast and the little world they work in: Acme with the projects WEB and OPS, and a rival organization.

Alice is owner, Bob member, Anna agent, Nora annotator, Vic viewer; Olaf is a member of Acme but in neither project;
Carol is a customer; Mallory owns the rival organization and has no business in Acme.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.accounts.models import User, UserSession
from app.boards.models import Issue, IssueAssignee, IssueLabel
from app.documents.models import Document, DocumentVersion
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import db
from app.kernel.doors import Door
from app.kernel.numbers import next_numbers
from app.kernel.ranks import ranks_between
from app.kernel.tenancy import enter, organization
from app.organizations.models import Kind, Member, Organization
from app.projects.models import Label, Project, ProjectMember, State, StateGroup
from app.search.indexing import index_everything

ROLES = {
    "alice": Role.OWNER,
    "bob": Role.MEMBER,
    "anna": Role.AGENT,
    "nora": Role.ANNOTATOR,
    "vic": Role.VIEWER,
    "olaf": Role.MEMBER,
    "carol": Role.CUSTOMER,
    "mallory": Role.OWNER,
}
STATES = (
    ("Backlog", StateGroup.BACKLOG),
    ("Todo", StateGroup.UNSTARTED),
    ("In progress", StateGroup.STARTED),
    ("Done", StateGroup.COMPLETED),
    ("Cancelled", StateGroup.CANCELLED),
)
_RAW_CSRF = "c" * 40


@dataclass
class Person:
    """Somebody of the cast, signed in: `alice.get("/acme/…")`, `alice.post(url, {"title": "…"})`."""

    name: str
    user_id: int
    member_id: int
    slug: str
    client: FlaskClient
    token: str
    csrf: str
    app: Flask = field(repr=False)

    def get(self, path: str, **rest: Any) -> TestResponse:
        with self.app.app_context():  # of its own, or `g` and the session would be the test's, and the former person's
            return self.client.get(path, **rest)

    def post(self, path: str, data: Any = None, *, htmx: bool = False, **rest: Any) -> TestResponse:
        """A form sent as the browser would: with the CSRF token, and by htmx when asked."""
        headers = {"X-CSRFToken": self.csrf, "Sec-Fetch-Site": "same-origin", **rest.pop("headers", {})}
        if htmx:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        with self.app.app_context():
            return self.client.post(path, data=data, headers=headers, **rest)

    @property
    def member(self) -> Member:
        """The member's row, in the test's own session (the test must be `inside`)."""
        found = db.session.get(Member, (db.session.info["organization_id"], self.member_id))
        assert found is not None
        return found


@dataclass
class World:
    organization_id: int
    rival_id: int
    cast: dict[str, Person]
    #: Plain ids of Acme's things: `ids.web`, `ids.states["Todo"]`, `ids.labels["Bug"]`.
    ids: SimpleNamespace
    app: Flask = field(repr=False)

    def issue(self, title: str = "Printer on fire", **values: Any) -> Issue:
        """An issue of WEB by Bob, committed and detached. Values are columns; `assignees` and `labels` are ids."""
        return self.issues(1, title=title, **values)[0]

    def issues(
        self,
        count: int,
        *,
        title: str = "Issue",
        project_id: int | None = None,
        state: str = "Todo",
        assignees: tuple[int, ...] = (),
        labels: tuple[int, ...] = (),
        body: str = "",
        **values: Any,
    ) -> list[Issue]:
        """Many issues in the fewest statements, in order of rank."""
        project = project_id or self.ids.web
        states = self.ids.states if project == self.ids.web else self.ids.ops_states
        with self.app.app_context(), organization(self.organization_id):
            numbers = next_numbers(f"issue:{project}", count)
            ranks = ranks_between(None, None, count) if count > 1 else [f"a{self._turn()}"]
            made = [
                Issue(
                    project_id=project,
                    number=number,
                    title=title if count == 1 else f"{title} {number}",
                    state_id=states[state],
                    rank=rank,
                    created_by_id=self.cast["bob"].member_id,
                    **values,
                )
                for number, rank in zip(numbers, ranks, strict=True)
            ]
            if body:
                for issue in made:
                    issue.document = Document(body=body, html=f"<p>{body}</p>", plain=body)
            db.session.add_all(made)
            db.session.flush()
            for issue in made:
                if issue.document_id:
                    db.session.add(
                        DocumentVersion(
                            document_id=issue.document_id, number=1, body=body, author_id=self.cast["bob"].member_id
                        )
                    )
                db.session.add_all(IssueAssignee(issue_id=issue.id, member_id=who) for who in assignees)
                db.session.add_all(IssueLabel(issue_id=issue.id, label_id=label) for label in labels)
            db.session.commit()
            db.session.expunge_all()
        return made

    def index(self) -> None:
        """Let search know what stands there; changes by commands tell it themselves when they are dispatched."""
        with self.app.app_context(), organization(self.organization_id):
            index_everything()
            db.session.commit()

    _turns: int = 0

    def _turn(self) -> str:
        self._turns += 1
        return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[self._turns % 62]


def build_world(app: Flask) -> World:
    """Everything committed; the session is left outside of any organization."""
    people = {
        name: User(email=f"{name}@example.test", name=name.capitalize(), email_verified_at=now()) for name in ROLES
    }
    enter(None)
    db.session.add_all(people.values())
    db.session.commit()
    acme = _organization("acme", "Acme", [people[name] for name in ROLES if name != "mallory"])
    rival = _organization("rival", "Rival", [people["mallory"]])
    tokens = {name: new_token() for name in ROLES}
    db.session.add_all(
        UserSession(user_id=people[name].id, token_hash=token_hash(token), expires_at=now() + timedelta(days=1))
        for name, token in tokens.items()
    )
    db.session.commit()
    with organization(acme[0]):
        ids = _projects(acme[1])
    with organization(rival[0]):
        rival_ids = _projects(rival[1])
    ids.rival = rival_ids
    members = acme[1] | rival[1]
    cast = {
        name: Person(
            name,
            people[name].id,
            members[name],
            "rival" if name == "mallory" else "acme",
            *_signed_in(app, tokens[name]),
            app,
        )
        for name in ROLES
    }
    enter(None)
    return World(acme[0], rival[0], cast, ids, app)


def _organization(slug: str, name: str, users: list[User]) -> tuple[int, dict[str, int]]:
    number = db.session.execute(text("SELECT nextval(pg_get_serial_sequence('organizations', 'id'))")).scalar_one()
    db.session.commit()
    with organization(number):
        db.session.add(Organization(id=number, slug=slug, name=name))
        db.session.flush()
        db.session.add(Door(kind="organization", key=slug, organization_id=number))
        members = [
            Member(
                user_id=user.id,
                name=user.name,
                email=user.email,
                role=ROLES[user.name.lower()],
                kind=Kind.CUSTOMER if user.name == "Carol" else Kind.PERSON,
                last_seen_at=now(),
            )
            for user in users
        ]
        db.session.add_all(members)
        db.session.flush()
        return number, {member.name.lower(): member.id for member in members}


def _projects(members: dict[str, int]) -> SimpleNamespace:
    lead = next(iter(members.values()))
    web, ops = (
        Project(name="Web platform", identifier="WEB", lead_id=lead),
        Project(name="Operations", identifier="OPS"),
    )
    db.session.add_all([web, ops])
    db.session.flush()
    for name, member in members.items():
        if name not in ("olaf", "carol"):
            db.session.add_all(
                [ProjectMember(project_id=web.id, member_id=member), ProjectMember(project_id=ops.id, member_id=member)]
            )
    states = {project.id: _states(project) for project in (web, ops)}
    labels = [Label(project_id=web.id, name=name, hue=hue) for name, hue in (("Bug", 1), ("Design", 8), ("API", 6))]
    db.session.add_all(labels)
    db.session.flush()
    return SimpleNamespace(
        web=web.id,
        ops=ops.id,
        states=states[web.id],
        ops_states=states[ops.id],
        labels={label.name: label.id for label in labels},
    )


def _states(project: Project) -> dict[str, int]:
    ranks = ranks_between(None, None, len(STATES))
    states = [
        State(project_id=project.id, name=name, group=group, rank=rank, is_default=name == "Todo")
        for (name, group), rank in zip(STATES, ranks, strict=True)
    ]
    db.session.add_all(states)
    db.session.flush()
    return {state.name: state.id for state in states}


def _signed_in(app: Flask, token: str) -> tuple[FlaskClient, str, str]:
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True, "csrf_token": _RAW_CSRF})
    csrf = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(_RAW_CSRF)
    return client, token, str(csrf)
