"""Every refusal looks like the app, says what to do, works as a reply to htmx, and tells nothing of what is inside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text

from app.kernel.database import db
from app.kernel.errors import Forbidden, NotFound, Refused, TooMany, Unavailable
from app.shell.policies import P
from app.web.guard import anyone, requires
from config import Config
from tests.world import Person, World, _signed_in

CODES = (400, 403, 404, 405, 409, 410, 413, 429, 500, 503)
REFUSALS: dict[str, Exception] = {
    "refused": Refused("The queue is closed."),
    "forbidden": Forbidden(),
    "notfound": NotFound(),
    "toomany": TooMany("Wait a minute.", 60),
    "unavailable": Unavailable("The clock is away."),
    "secret": RuntimeError("the secret is 4711"),
}


@pytest.fixture(scope="module")
def broken(settings: Config) -> Flask:
    """The application with views that fail in every way, and as it runs in production: nothing is raised at us."""
    from app import create_app

    app = create_app(replace(settings))

    def fail(how: str) -> Any:
        if how in REFUSALS:
            raise REFUSALS[how]
        if how == "sql":
            db.session.execute(text("SELECT nothing FROM nowhere"))
        abort(int(how))

    def inside(how: str) -> Any:
        return fail(how)

    app.add_url_rule("/fail/<how>", "fail", anyone(fail), methods=["GET", "POST"])
    app.add_url_rule("/<organization>/fail/<how>", "inside", requires(P.HOME)(inside), methods=["GET", "POST"])
    app.testing = False
    return app


@pytest.fixture
def stranger(broken: Flask) -> FlaskClient:
    return broken.test_client()


@pytest.fixture
def inside(broken: Flask, world: World) -> FlaskClient:
    """Bob, signed in."""
    client, _, _ = _signed_in(broken, world.cast["bob"].token)
    return client


@pytest.mark.parametrize("code", CODES)
def test_outside_of_an_organization_it_is_a_page_of_ours(stranger: FlaskClient, app: Flask, code: int) -> None:
    reply = stranger.get(f"/fail/{code}")
    assert reply.status_code == code
    assert reply.mimetype == "text/html"
    assert "Go to the start" in reply.text
    assert 'class="sidebar"' not in reply.text


@pytest.mark.parametrize("code", CODES)
def test_inside_of_one_it_has_the_sidebar_unless_something_broke(inside: FlaskClient, code: int) -> None:
    reply = inside.get(f"/acme/fail/{code}")
    assert reply.status_code == code
    assert "Go to the start" in reply.text
    assert ('class="sidebar"' in reply.text) == (code < 500)


@pytest.mark.parametrize("code", CODES)
def test_htmx_gets_one_sentence_for_its_toast(inside: FlaskClient, code: int) -> None:
    reply = inside.get(f"/acme/fail/{code}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert reply.status_code == code
    assert reply.mimetype == "text/plain"
    assert unquote(reply.headers["X-Message"]) == reply.text
    assert len(reply.text) < 120


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ("refused", 409, "The queue is closed."),
        ("forbidden", 403, "Your role does not allow this."),
        ("notfound", 404, "There is nothing here"),
        ("toomany", 429, "Wait a minute."),
        ("unavailable", 503, "The clock is away."),
    ],
)
def test_a_refusal_of_a_command_says_its_sentence(inside: FlaskClient, how: str, status: int, says: str) -> None:
    reply = inside.get(f"/acme/fail/{how}")
    assert (reply.status_code, says in reply.text) == (status, True)


def test_too_many_says_when_to_come_back(inside: FlaskClient) -> None:
    assert inside.get("/acme/fail/toomany").headers["Retry-After"] == "60"


@pytest.mark.parametrize("how", ["secret", "sql"])
def test_what_broke_stays_with_us(inside: FlaskClient, how: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        reply = inside.get(f"/acme/fail/{how}", headers=headers)
        assert reply.status_code == 500
        for word in ("4711", "RuntimeError", "nowhere", "psycopg", "Traceback", "app/"):
            assert word not in reply.text + unquote(reply.headers["X-Message"])


def test_a_broken_page_names_its_request(inside: FlaskClient) -> None:
    reply = inside.get("/acme/fail/secret", headers={"X-Request-Id": "abcdef0123456789"})
    assert "abcdef0123456789" in reply.text


def test_after_a_failure_the_next_request_is_well(inside: FlaskClient) -> None:
    assert inside.get("/acme/fail/sql").status_code == 500
    assert inside.get("/acme/").status_code == 200


def test_without_a_database_it_says_so(settings: Config, bob: Person) -> None:
    from app import create_app

    away = create_app(replace(settings, app_database_url="postgresql://trestle@127.0.0.1:1/none"))
    away.testing = False
    client, _, _ = _signed_in(away, bob.token)
    reply = client.get("/acme/")
    assert reply.status_code == 503
    assert "Back in a moment" in reply.text
    assert reply.headers["Retry-After"]
    assert "127.0.0.1" not in reply.text


def test_strangers_learn_nothing_from_a_404(world: World, mallory: Person) -> None:
    own, foreign = mallory.get("/nobody/"), mallory.get("/acme/")
    assert own.status_code == foreign.status_code == 404

    def plain(reply: Any) -> str:
        import re

        return re.sub(r"<code>\w+</code>|content=\"[^\"]{60,}\"|value=\"[^\"]{60,}\"", "", reply.text)

    assert plain(own).replace("nobody", "acme") == plain(foreign)
