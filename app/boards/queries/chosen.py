"""The issues that somebody chose on a page, as objects to change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.boards.models import Issue
from app.boards.policies import visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.projects.models import Project


def chosen_issues(member: Member, project: Project, ids: Sequence[int]) -> list[Issue]:
    """Issues of a project by id, in the order asked for, with project and state: one statement.

    Raises NotFound when one is not there for `member`: nothing is done to some of them only.
    """
    wanted = list(dict.fromkeys(ids))
    found = {
        issue.id: issue
        for issue in db.session.scalars(
            select(Issue)
            .join(Issue.project)
            .options(contains_eager(Issue.project), joinedload(Issue.state))
            .where(visible_to(member), Issue.project_id == project.id, Issue.id.in_(wanted))
        )
    }
    if missing := len(wanted) - len(found):
        raise NotFound(
            _("This issue is not there any more, so nothing was changed.")
            if len(wanted) == 1
            else _(
                "%(missing)s of these issues are not there any more, so nothing was changed. Load the page again.",
                missing=missing,
            )
        )
    return [found[issue_id] for issue_id in wanted]
