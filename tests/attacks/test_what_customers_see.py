"""A customer reads their ticket's open words. What colleagues do about it shows on no page of theirs."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from tests.desk.conftest import opened, support, ticket  # noqa: F401 - fixtures
from tests.world import Person

_INSIDE = ("Xylophone", "kazoo", "harmonica")


@pytest.fixture
def worked_on(ticket, anna: Person) -> int:  # noqa: F811
    """Anna has said, tagged and attached what stays among colleagues. The ticket's number."""
    here = f"/acme/tickets/{ticket.number}"
    anna.post(f"{here}/notes", {"body": "Xylophone", "files": (io.BytesIO(b"notes"), "kazoo.txt")})
    anna.post(f"/acme/ticket/{ticket.id}/attachments", {"files": (io.BytesIO(b"more"), "kazoo-too.txt")})
    anna.post("/acme/tickets/tags", {"ids": ticket.id, "name": "harmonica"})
    return int(ticket.number)


def test_no_page_of_a_customer_tells_what_is_done_inside(app: Flask, worked_on: int, carol: Person) -> None:
    """Every address that takes nothing but the organization, and the ticket's own."""
    addresses = [
        str(rule).replace("<organization>", "acme")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments == {"organization"}
    ]
    addresses += [f"/acme/portal/tickets/{worked_on}", f"/acme/tickets/{worked_on}"]
    for address in addresses:
        for query in ("", "?part", "?show=history&earlier", "?show=all"):
            text = carol.get(address + query).text
            assert [word for word in _INSIDE if word in text] == [], address + query


def test_changes_are_for_colleagues(worked_on: int, anna: Person, carol: Person) -> None:
    assert carol.get("/acme/changes").status_code == 403
    assert "kazoo" in anna.get("/acme/changes").text
