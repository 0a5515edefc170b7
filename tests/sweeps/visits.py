"""Who visits what: every address of the application, and everybody who may try it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.sweeps.arguments import FORMS, QUERIES, address_of
from tests.world import Person, World

TABLE = Path(__file__).with_name("urls.toml")
#: The columns of the table: the cast, and somebody who is not signed in.
WHO = ("alice", "bob", "anna", "nora", "vic", "olaf", "carol", "mallory", "nobody")
_RAW_CSRF = "n" * 40


def table() -> dict[str, list[int]]:
    """What is expected: `{"GET /new": [200, …]}`, a status for each of WHO."""
    rows = tomllib.loads(TABLE.read_text())
    return {name: [int(status) for status in statuses.split()] for name, statuses in rows.items()}


def visits(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Every (name, method, rule) there is: the name is how the table calls it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield f"{method} {rule.rule}", method, rule


def nobody(app: Flask) -> Person:
    """A stranger with a page's token and nothing else."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = _RAW_CSRF
    csrf = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(_RAW_CSRF)
    return Person("nobody", 0, 0, "acme", client, "", str(csrf), app)


def visit(person: Person, world: World, method: str, rule: Rule, **rest: Any) -> TestResponse:
    """Ask as a browser would that has a page of ours open: whole pages, and forms with their token."""
    query = QUERIES.get(rule.endpoint, dict)
    address = address_of(rule, world)
    asked = query(world) if query is not dict else {}
    if method == "GET":
        return person.get(address, query_string=asked, **rest)
    assert method == "POST", "the sweep knows GET and POST; teach it the others here"
    form = FORMS[rule.endpoint](world) if rule.endpoint in FORMS else None
    return person.post(address, form, query_string=asked, **rest)


def observe(world: World, method: str, rule: Rule, again: Callable[[], World]) -> list[int]:
    """What everybody gets. After each success of a form the world is made `again`, so that all find it the same."""
    statuses = []
    for who in WHO:
        person = nobody(world.app) if who == "nobody" else world.cast[who]
        answer = visit(person, world, method, rule)
        answer.close()  # what streams holds its context until it is read to the end
        statuses.append(answer.status_code)
        if method != "GET" and answer.status_code < 400:
            world = again()
    return statuses
