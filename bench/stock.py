"""Data to measure on: an organization of 201 people, and projects of 10, 300, 1,000 and 10,000 issues.

People and projects are made by the program's own commands and rows; issues by plain SQL, for speed, in the shape that
people make them: six states, titles of all lengths, half of them described, some labels and assignees, some dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User, UserSession
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import db
from app.kernel.numbers import next_numbers
from app.kernel.ranks import ranks_between
from app.kernel.tenancy import enter
from app.organizations.commands.founding import create_organization
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from app.projects.models import ProjectMember

#: Identifier: issues.
PROJECTS = {"TEN": 10, "SMALL": 300, "BOARD": 1_000, "LARGE": 10_000}
PEOPLE = 200


@dataclass
class Stock:
    slug: str
    organization_id: int
    #: Of the owner, then of everybody else: what their cookies hold.
    tokens: list[str]
    #: Identifier: the project's id.
    projects: dict[str, int] = field(default_factory=dict)
    #: Identifier: its states' ids in order.
    states: dict[str, list[int]] = field(default_factory=dict)


def make_stock(app: Flask, owner: sa.Engine) -> Stock:
    """All of it, committed."""
    with app.app_context():
        enter(None)
        users = [
            User(email=f"person{number}@example.test", name=_NAMES[number % len(_NAMES)], email_verified_at=now())
            for number in range(1 + PEOPLE)
        ]
        db.session.add_all(users)
        db.session.flush()
        tokens = [new_token() for _ in users]
        db.session.add_all(
            UserSession(user_id=user.id, token_hash=token_hash(token), expires_at=now() + timedelta(days=1))
            for user, token in zip(users, tokens, strict=True)
        )
        db.session.commit()
        enter(None, user_id=users[0].id)
        organization, founder = create_organization(name="Bridges", slug="bridges", timezone="UTC", founder=users[0])
        people = [
            Member(user_id=user.id, name=user.name, email=user.email, role=Role.MEMBER, hue=1 + user.id % 8)
            for user in users[1:]
        ]
        db.session.add_all(people)
        db.session.flush()
        stock = Stock(organization.slug, organization.id, tokens)
        for identifier in PROJECTS:
            project = create_project(f"Project {identifier.lower()}", identifier, by=founder)
            db.session.add_all(ProjectMember(project_id=project.id, member_id=member.id) for member in people)
            stock.projects[identifier] = project.id
        db.session.commit()
        db.session.remove()
    for identifier, count in PROJECTS.items():
        stock.states[identifier] = add_issues(app, owner, stock, stock.projects[identifier], count)
    return stock


def add_issues(app: Flask, owner: sa.Engine, stock: Stock, project_id: int, count: int) -> list[int]:
    """Fill an empty project; its states' ids in order."""
    with app.app_context():
        enter(stock.organization_id)
        next_numbers(f"issue:{project_id}", count)
        db.session.commit()
        db.session.remove()
    with owner.begin() as connection:
        given = {"organization": stock.organization_id, "project": project_id, "count": count}
        found = connection.execute(sa.text("SELECT id FROM states WHERE project_id = :project ORDER BY rank"), given)
        states = [row.id for row in found]
        given |= {"states": states, "ranks": ranks_between(None, None, count), "words": _WORDS}
        for statement in _FILL:
            connection.execute(sa.text(statement), given)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return states


_NAMES = (
    "Ada Keller",
    "Bo Lindqvist",
    "Chidi Okafor",
    "Dana Moreno",
    "Émile Laurent",
    "Farah Haddad",
    "Goran Petrović",
    "Hye-jin Park",
    "Ines da Silva",
    "Jun Watanabe",
    "يوسف منصور",
    "Katarzyna Nowak",
    "Li Na",
    "Mina",
)
_WORDS = [
    "Cache the",
    "Replace",
    "Measure",
    "Write down how",
    "Stop",
    "sidebar",
    "sign-in page",
    "invoice",
    "every morning",
    "the export of very long reports that nobody reads any more",
    "on small screens",
    "<b>bold</b> & “quotes”",
    "🚧",
]
_FILL = (
    """CREATE TEMP TABLE fresh ON COMMIT DROP AS
       SELECT n, nextval(pg_get_serial_sequence('issues', 'id')) AS id,
              CASE WHEN n % 2 = 0 THEN nextval(pg_get_serial_sequence('documents', 'id')) END AS document_id
       FROM generate_series(1, :count) AS n""",
    """INSERT INTO documents (organization_id, id, body, html, plain, version, created_at, updated_at)
       SELECT :organization, document_id, repeat('What was found, and what to do about it. ', 20),
              '<p>' || repeat('What was found, and what to do about it. ', 20) || '</p>',
              repeat('What was found, and what to do about it. ', 20), 1, now(), now()
       FROM fresh WHERE document_id IS NOT NULL""",
    """INSERT INTO issues (organization_id, id, project_id, number, title, state_id, priority, rank, due_date,
                           document_id, created_by_id, version, created_at, updated_at)
       SELECT :organization, id, :project, n,
              concat_ws(' ', w[1 + n % 13], w[1 + n * 7 % 13], w[1 + n * 5 % 11], '#' || n), s[1 + n % cardinality(s)],
              n % 5, r[n], CASE WHEN n % 3 = 0 THEN current_date + (n * 11 % 60)::int - 20 END, document_id,
              (SELECT min(id) FROM members WHERE organization_id = :organization), 1, now(), now()
       FROM fresh, (SELECT CAST(:words AS text[]) AS w, CAST(:states AS bigint[]) AS s, CAST(:ranks AS text[]) AS r)""",
    """INSERT INTO issue_assignees (organization_id, issue_id, member_id)
       SELECT DISTINCT :organization, fresh.id, m[1 + (n * 13 + turn * 29) % 40]
       FROM fresh, generate_series(1, 2) AS turn,
            (SELECT array_agg(id ORDER BY id) AS m FROM members WHERE organization_id = :organization)
       WHERE n % 4 > 0 AND (turn = 1 OR n % 5 = 0)""",
    """INSERT INTO issue_labels (organization_id, issue_id, label_id)
       SELECT DISTINCT :organization, fresh.id, l[1 + (n + turn) % cardinality(l)]
       FROM fresh, generate_series(1, 2) AS turn,
            (SELECT array_agg(id ORDER BY id) AS l FROM labels WHERE project_id = :project)
       WHERE turn <= n % 3""",
)
