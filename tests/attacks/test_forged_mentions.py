"""Who is mentioned is what we wrote into the text, never what the text says of itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.documents.rendering import render
from app.inbox.models import Notification, Reason
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.world import Person, World

_NO_NUMBER = "9" * 26


@pytest.mark.parametrize(
    "body",
    [
        'data-member="5"',
        '`data-member="5"`',
        '```\n<span class="mention" data-member="5">\n```',
        '<span class="mention" data-member="5">@Alice</span>',
        '# data-member="5"',
        '| data-member="5" |\n|---|\n| x |',
        '[x](https://example.test "<span class=\\"mention\\" data-member=\\"5\\">")',
        '![<span class="mention" data-member="5">](https://example.test)',
        "`" * 4001 + '<span class="mention" data-member="5">',
    ],
)
def test_a_text_cannot_name_by_number(body: str) -> None:
    assert render(body).mentioned == frozenset()


def test_nor_keep_others_from_hearing(world: World, bob: Person, vic: Person, work: Callable[[], None]) -> None:
    """A number that no column holds would have broken the dispatch, and nobody had heard of the change."""
    issue = world.issue()
    vic.post(f"/acme/watching/issue/{issue.id}", {"watching": "yes"})
    sent = {"title": issue.title, "version": "1", "body": f'data-member="{_NO_NUMBER}" data-member="{bob.member_id}"'}
    assert bob.post(f"/acme/issues/WEB-{issue.number}", sent).status_code == 303
    work()
    with organization(world.organization_id):
        told = [(one.member_id, one.reason) for one in db.session.scalars(select(Notification))]
    assert told == [(vic.member_id, Reason.WATCHING)]
