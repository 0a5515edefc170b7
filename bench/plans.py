"""Not a bench: how PostgreSQL goes about the statements of a board, as the application's role, under its policies.

    python -m bench.plans LARGE            # a project of 10,000 issues
    python -m bench.plans HUGE 100000      # one of 100,000, filled first

Prints every statement that a board's page and a filtered one send, with its plan and times (EXPLAIN ANALYZE, on
literal values). What is worth knowing from it stands in docs/performance.md.
"""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.kernel.database import db
from app.kernel.tenancy import enter
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from bench.ground import Ground, ground
from bench.stock import add_issues

PAGES = ("", "?q=sidebar&priority=high", "?assignee=@me&label={label}")


def main(identifier: str, issues: int) -> None:
    with ground() as here:
        if issues:
            _fill(here, identifier, issues)
        browser = here.browser()
        with here.owner.connect() as connection:
            label = connection.execute(
                sa.text(
                    "SELECT max(l.id) FROM labels l JOIN projects p ON p.id = l.project_id WHERE p.identifier = :name"
                ),
                {"name": identifier},
            ).scalar_one()
        for page in PAGES:
            path = f"/projects/{identifier}/board{page.format(label=label)}"
            browser.get(path)
            for statement, given in _sent(here, lambda path=path: browser.get(path)):
                print(f"\n-- {path}\n{statement}")
                with here.app.app_context():
                    enter(here.stock.organization_id)
                    connection = db.session.connection()
                    for row in connection.exec_driver_sql(f"EXPLAIN (ANALYZE, COSTS OFF) {statement}", given):
                        print("   ", row[0])
                    db.session.remove()


def _fill(here: Ground, identifier: str, issues: int) -> None:
    with here.app.app_context():
        enter(here.stock.organization_id)
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        project = create_project("Very large", identifier, by=owner).id
        db.session.commit()
        db.session.remove()
    add_issues(here.app, here.owner, here.stock, project, issues)


def _sent(here: Ground, act: Any) -> list[tuple[str, Any]]:
    """What the application sends about issues while it acts, with its values."""
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if "issue" in statement:
            seen.append((statement, parameters))

    with here.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "LARGE", int(sys.argv[2]) if len(sys.argv) > 2 else 0)
