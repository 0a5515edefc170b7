"""Projects by what a person types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import and_, or_, select

from app.kernel.database import db
from app.organizations.models import Member
from app.projects.models import Project
from app.projects.policies import visible_to
from app.search.finders import Found, beginning, containing


def find_projects(member: Member, words: list[str], most: int) -> Sequence[Found]:
    """Projects that `member` sees, whose name holds every word or whose identifier begins with the only one."""
    named = [Project.name.ilike(containing(word)) for word in words]
    rows = db.session.execute(
        select(Project.id, Project.name, Project.identifier)
        .where(visible_to(member), or_(Project.identifier.ilike(beginning("".join(words))), and_(*named)))
        .order_by(Project.name, Project.id)
        .limit(most)
    )
    return [project_found(row) for row in rows]


def project_found(project: Any) -> Found:
    """A project as the palette shows it: the way to its board."""
    return Found(
        f"project-{project.id}",
        project.name,
        url_for("boards.show_board", identifier=project.identifier),
        "board",
        where=project.identifier,
    )
