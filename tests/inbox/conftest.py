"""The inbox's own steps of a story."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from app.boards.commands.fields import assign_issues, set_priority
from app.boards.models import Issue, Priority
from app.inbox.commands import watch
from app.inbox.lines import chosen, read_lines
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.postoffice import folder, office, smtp
from tests.world import Person, World

__all__ = ["Story", "folder", "office", "smtp", "story"]


class Story:
    """Things that people do, each committed, and what then stands in an inbox."""

    def __init__(self, world: World, work: Callable[[], None]) -> None:
        self.world, self.work = world, work

    def watches(self, who: Person, *issues: Issue) -> None:
        with organization(self.world.organization_id):
            watch(issues, [who.member])

    def assigns(self, by: Person, to: Person, *issues: Issue) -> None:
        with organization(self.world.organization_id):
            assign_issues(self._here(issues), add=[to.member_id], by=by.member)
        self.work()

    def prioritises(self, by: Person, *issues: Issue, priority: Priority = Priority.HIGH) -> None:
        with organization(self.world.organization_id):
            set_priority(self._here(issues), priority, by=by.member)
        self.work()

    def inbox(self, who: Person) -> list[str]:
        """Newest first: "who did what: which"."""
        with organization(self.world.organization_id), self.world.app.test_request_context():
            lines = read_lines(who.member, chosen(who.member))
            return [f"{line.actor_name} {line.did}: {line.title}" for line in lines]

    def _here(self, issues: Sequence[Issue]) -> list[Issue]:
        return [db.session.get_one(Issue, (issue.organization_id, issue.id)) for issue in issues]


@pytest.fixture
def story(world: World, work: Callable[[], None]) -> Story:
    return Story(world, work)
