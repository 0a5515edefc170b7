"""Issues by what a person types: a key or a part of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import url_for
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from app.boards.models import Issue
from app.boards.policies import visible_to
from app.kernel.database import db
from app.organizations.models import Member
from app.projects.models import Project
from app.search.finders import Found

_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})-(\d{0,9})")
_NUMBER = re.compile(r"#?(\d{1,9})")


def find_issues(member: Member, words: list[str], most: int) -> Sequence[Found]:
    """Issues that `member` sees, whose key begins with the one word that was typed. Words are search's business."""
    by_key = _numbered(words[0]) if len(words) == 1 else None
    if by_key is None:
        return []
    return [as_found(issue) for issue in _issues(member, by_key, most)]


def as_found(issue: Issue) -> Found:
    """An issue as the palette shows it. Its project and state are loaded."""
    return Found(
        f"issue-{issue.id}",
        issue.title,
        url_for("boards.show_issue", key=issue.key),
        f"state-{issue.state.group}",
        where=issue.key,
        means=issue.state.name,
    )


def _issues(member: Member, matching: ColumnElement[bool], most: int) -> Sequence[Issue]:
    return db.session.scalars(
        select(Issue)
        .join(Issue.project)
        .join(Issue.state)
        .where(visible_to(member), matching)
        .options(contains_eager(Issue.project).load_only(Project.identifier), contains_eager(Issue.state))
        .order_by(Issue.number, Issue.id)
        .limit(most)
    ).all()


def _numbered(word: str) -> ColumnElement[bool] | None:
    """Whose key begins with `word` (WEB-1 finds WEB-1, WEB-12, WEB-140), or whose number it is; None for no key."""
    if number := _NUMBER.fullmatch(word):
        return Issue.number == int(number[1])
    if not (key := _KEY.fullmatch(word)):
        return None
    of_project = Project.identifier == key[1].upper()
    if not key[2]:
        return of_project
    first = int(key[2])
    longer = (Issue.number.between(first * ten, first * ten + ten - 1) for ten in (1, 10, 100, 1000))
    return and_(of_project, or_(*longer))
