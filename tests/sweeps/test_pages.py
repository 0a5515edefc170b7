"""Every page in a real browser: nothing on its console, nothing that its policy forbids, nothing that axe finds in
either theme, nothing that scrolls sideways on a phone.

They are full of what is hard to show: long words, names from right to left, overdue work.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from tests.sweeps.arguments import QUERIES, address_of
from tests.sweeps.visits import nobody, visits
from tests.world import Person, World

pytestmark = pytest.mark.browser

#: Pages of an organization in which nothing has happened yet.
EMPTY = (
    "/rival/",
    "/rival/inbox",
    "/rival/my-work",
    "/rival/projects",
    "/rival/projects/WEB/board",
    "/rival/projects/WEB/imports",
    "/rival/settings/mail",
    "/rival/dashboards",
    "/rival/reports",
    "/rival/nothing-here",
)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What a theme or a width can break.
_SEEN = ["target-size", "color-contrast"]
_AXE = """async ([tags, rules]) => {
    const found = await axe.run(document, {
        resultTypes: ["violations"], runOnly: rules ? {type: "rule", values: rules} : {type: "tag", values: tags}});
    const words = ({html, any}) => html.slice(0, 160) + (any[0]?.id == "color-contrast" ? ` [${any[0].message}]` : "");
    return found.violations.map(({id, help, nodes}) => `${id} (${help}): ` + nodes.slice(0, 3).map(words).join(" | "));
}"""
_SETTLED = """async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
}"""
_TOO_WIDE = """() => {
    const wide = document.documentElement.scrollWidth - innerWidth, outside = innerWidth + 1;
    const those = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > outside);
    const words = those.slice(-2).map((one) => one.outerHTML.slice(0, 120)).join(" | ");
    return wide > 0 ? `${wide} px too wide: ${words}` : null;
}"""


@pytest.fixture
def full(world: World) -> World:
    """A world of things that are hard to show."""
    alice = world.cast["alice"]
    mine = (alice.member_id,)
    labels = tuple(world.ids.labels.values())
    here = now().date()
    late = here - timedelta(days=400)
    world.issue("W" * 300, assignees=mine, labels=labels, priority=4, due_date=late, body="W" * 500)
    world.issue("إرسال نوافذ التسليم برسالة نصية قبل ساعة من الوصول 🚚", assignees=mine, due_date=here, priority=3)
    world.issues(40, title="Smaller task", assignees=(*mine, world.cast["nora"].member_id), state="In progress")
    for who, name in (("anna", "Annamaria-Theodora" * 6), ("nora", "نورا البغدادي")):
        with organization(world.organization_id):
            db.session.get_one(Member, (world.organization_id, world.cast[who].member_id)).name = name
    for state in ("Todo", "Done"):
        moved = {"ids": world.issue("Moved about").id, "state": world.ids.states[state]}
        alice.post("/acme/projects/WEB/issues/state", moved)
    return world


def _pages(app: Flask, world: World) -> Iterator[tuple[Person, str]]:
    """Everything that answers with a whole page: as Alice sees it, or a stranger if she does not."""
    stranger = nobody(app)
    for _, method, rule in visits(app):
        if method != "GET":
            continue
        path = address_of(rule, world)
        query = QUERIES[rule.endpoint](world) if rule.endpoint in QUERIES else {}
        for person in (world.cast["alice"], stranger):
            answer = person.get(path, query_string=query)
            whole = answer.mimetype == "text/html" and "<main" in answer.text
            answer.close()
            if whole and answer.status_code == 200:
                yield person, answer.request.full_path.rstrip("?")
                break
    for path in EMPTY:
        yield world.cast["mallory"], path
    yield world.cast["alice"], "/acme/projects/NONE/board"  # an error's page
    for path in ("", "?view=closed", "/tickets/new", "/tickets/1"):
        yield world.cast["carol"], f"/acme/portal{path}"
    yield world.cast["olaf"], "/acme/"


class Visitor:
    """One window of a person; what it complains of is kept with the page it was on."""

    def __init__(self, chromium: Any, base: str, person: Person) -> None:
        self.context = chromium.new_context(base_url=base, reduced_motion="reduce")
        if cookie := person.client.get_cookie("trestleboard"):
            self.context.add_cookies([{"name": "trestleboard", "value": cookie.value, "url": base}])
        self.tab: Page = self.context.new_page()
        self.said: list[str] = []
        self.tab.on("console", lambda message: self._hear(message.type, message.text))
        self.tab.on("pageerror", lambda error: self.said.append(f"page error: {error}"))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 404" not in text:
            self.said.append(f"console: {text}")

    def look_at(self, path: str) -> list[str]:
        """What is wrong with this page."""
        self.said.clear()
        self.tab.set_viewport_size({"width": 1280, "height": 800})
        self.tab.emulate_media(color_scheme="light")
        answer = self.tab.goto(path)
        status = answer.status if answer else 0
        problems = [] if status in (200, 404) else [f"answered {status}"]
        self.tab.evaluate(Axe().axe_script)
        problems += [f"light: {found}" for found in self.tab.evaluate(_AXE, [_RULES, None])]
        self.tab.emulate_media(color_scheme="dark")
        self.tab.set_viewport_size({"width": 390, "height": 844})
        self.tab.evaluate(_SETTLED)
        problems += [f"dark phone: {found}" for found in self.tab.evaluate(_AXE, [None, _SEEN])]
        if wide := self.tab.evaluate(_TOO_WIDE):
            problems.append(f"phone: {wide}")
        return problems + self.said


def test_every_page_is_well_in_a_browser(app: Flask, full: World, browser: Any, address: str) -> None:
    visitors: dict[str, Visitor] = {}
    problems: dict[str, list[str]] = {}
    seen = 0
    for person, path in list(_pages(app, full)):
        if person.name not in visitors:
            visitors[person.name] = Visitor(browser, address, person)
        if found := visitors[person.name].look_at(path):
            problems[f"{person.name} {path}"] = found
        seen += 1
    for visitor in visitors.values():
        visitor.context.close()
    assert seen > 30
    assert not problems, "\n".join(f"{where}\n    " + "\n    ".join(found) for where, found in problems.items())
