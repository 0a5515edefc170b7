"""Pages to work with, made through the application itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.world import Person, World

#: (who, title, parent=…, project="WEB", private=False, body="") -> the page's id
Make = Callable[..., int]


@pytest.fixture
def make(world: World) -> Make:
    """Makes a page of WEB (project="" of the organization) by somebody's own forms; its id."""

    def made(
        who: Person, title: str, *, parent: int = 0, project: str = "WEB", private: bool = False, body: str = ""
    ) -> int:
        sent = {"title": title, "project": project, "parent": parent or "", **({"private": "y"} if private else {})}
        answer = who.post("/acme/pages", sent)
        found = re.search(r"/pages/(\d+)/edit", answer.location or "")
        assert found, answer.text
        page = int(found[1])
        if body:
            written = who.post(f"/acme/pages/{page}", {"title": title, "emoji": "", "body": body, "version": 1})
            assert written.status_code == 303, written.text
        return page

    return made
