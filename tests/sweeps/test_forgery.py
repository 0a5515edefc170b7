"""Nothing is changed from another site, nor without a form of ours."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel.database import db
from app.web.guard import policy_of
from app.web.safety import csrf
from tests.sweeps.arguments import address_of
from tests.sweeps.visits import nobody, visits
from tests.world import World

#: Views that take a post without a token, and why that is safe.
WITHOUT_TOKEN = {
    "accounts.create_unsubscription": "the same, for newsletters",
    "inbox.create_unsubscription": "mail programs post here (RFC 8058); the address holds the proof",
}
SAFE = ("GET", "HEAD", "OPTIONS")


def _rows(owner: sa.Engine) -> dict[str, int]:
    """How many rows each table has, but for what is written down about the refusals themselves."""
    with owner.connect() as connection:
        return {
            table.name: connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}"').scalar_one()
            for table in db.metadata.sorted_tables
            if table.name != "security_events"
        }


def test_every_view_says_who_may_come_in(app: Flask) -> None:
    silent = [rule.endpoint for _, _, rule in visits(app) if policy_of(rule.endpoint) is None]
    assert silent == []


def test_a_view_that_says_nothing_answers_nobody(app: Flask, world: World) -> None:
    """Deny by default, tried on an endpoint whose policy is taken away."""
    view = app.view_functions["accounts.new_session"]
    bare = type(view)(view.__code__, view.__globals__, view.__name__, view.__defaults__, view.__closure__)
    app.view_functions["accounts.new_session"] = bare
    try:
        assert nobody(app).get("/sign-in").status_code == 403
        assert world.cast["alice"].get("/sign-in").status_code == 403
    finally:
        app.view_functions["accounts.new_session"] = view


def test_forms_from_elsewhere_change_nothing(app: Flask, world: World, owner: sa.Engine) -> None:
    wrong = []
    alice, stranger = world.cast["alice"], nobody(app)
    for name, method, rule in visits(app):
        if method in SAFE:
            continue
        address = address_of(rule, world)
        before = _rows(owner)
        for person in (alice, stranger):
            tries = {
                "from another site": ({"X-CSRFToken": person.csrf, "Sec-Fetch-Site": "cross-site"}, 403),
                "from a sister site": ({"X-CSRFToken": person.csrf, "Sec-Fetch-Site": "same-site"}, 403),
                "by an origin that is not ours": ({"X-CSRFToken": person.csrf, "Origin": "https://evil.test"}, 403),
                "by a page without an origin": ({"X-CSRFToken": person.csrf, "Origin": "null"}, 403),
            }
            if rule.endpoint not in WITHOUT_TOKEN:
                forged = person.csrf[:-4] + "AAAA"
                tries |= {
                    "without a token": ({"Sec-Fetch-Site": "same-origin"}, 400),
                    "with a forged token": ({"X-CSRFToken": forged, "Sec-Fetch-Site": "same-origin"}, 400),
                }
            for how, (headers, status) in tries.items():
                with app.app_context():
                    answer = person.client.open(address, method=method, headers=headers)
                if answer.status_code != status:
                    wrong.append(f"{name} {how} by {person.name}: {answer.status_code}, not {status}")
        if _rows(owner) != before:
            wrong.append(f"{name} changed something")
    assert wrong == []


def test_somebody_elses_token_is_a_forged_one(alice, mallory, app: Flask) -> None:
    stranger = nobody(app)
    for token in (stranger.csrf, ""):
        with app.app_context():
            answer = alice.client.post("/sign-out", headers={"X-CSRFToken": token, "Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 400


def test_who_needs_no_token_is_listed(app: Flask) -> None:
    exempt = {view for view in csrf._exempt_views if not view.startswith("flask")}
    endpoints = {
        endpoint for endpoint, view in app.view_functions.items() if f"{view.__module__}.{view.__name__}" in exempt
    }
    assert endpoints == set(WITHOUT_TOKEN)
    assert csrf._exempt_blueprints == set()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_methods_that_nobody_offers(alice, method: str) -> None:
    answer = alice.client.open(
        "/organizations", method=method, headers={"X-CSRFToken": alice.csrf, "Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 405
