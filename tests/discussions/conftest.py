"""An issue that people talk about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.boards.models import Issue
from tests.world import Person, World


@pytest.fixture
def issue(world: World) -> Issue:
    return world.issue()


@pytest.fixture
def url(world: World, issue: Issue) -> str:
    return f"/acme/issues/WEB-{issue.number}"


@pytest.fixture
def say(issue: Issue) -> Callable[..., int]:
    """`say(bob, "Hello")`: the comment's id."""

    def post(person: Person, body: str, **rest: object) -> int:
        answer = person.post(f"/acme/issue/{issue.id}/comments", {"body": body, **rest})
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("#comment-")[2])

    return post
