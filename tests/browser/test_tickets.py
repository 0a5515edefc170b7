"""Tickets in a real browser, by keys: sorted from the list, answered, noted, taken back, and followed by others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.desk.commands.talking import receive_reply
from app.desk.models import Ticket
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.desk.conftest import opened, support
from tests.world import Person, World

__all__ = ["opened", "support"]
pytestmark = pytest.mark.browser

Open = Callable[..., Any]
SLOW = 15_000


def test_a_morning_at_the_list_by_keys_alone(page_of: Open, opened: Callable[..., Ticket], anna: Person) -> None:
    opened("Printer on fire")
    opened("Scanner is wet")
    page = page_of(anna)
    page.goto("/acme/tickets")
    page.keyboard.press("j")
    page.keyboard.press("i")
    expect(page.get_by_text("#2 given to Anna")).to_be_visible(timeout=SLOW)
    page.keyboard.press("p")
    expect(page.get_by_role("option", name="Urgent")).to_be_visible(timeout=SLOW)
    page.keyboard.type("urg")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Urgent")).to_be_visible(timeout=SLOW)
    page.keyboard.press("z")
    expect(page.get_by_role("img", name="Urgent")).to_have_count(0, timeout=SLOW)
    page.keyboard.press("Space")
    expect(page.locator("#peek")).to_contain_text("It smokes.", timeout=SLOW)
    page.keyboard.press("2")
    expect(page.get_by_role("link", name="Mine")).to_have_attribute("aria-current", "page", timeout=SLOW)
    expect(page.get_by_text("Scanner is wet")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Printer on fire")).to_have_count(0)


def test_answered_noted_and_resolved_by_keys_alone(page_of: Open, opened: Callable[..., Ticket], anna: Person) -> None:
    opened("Printer on fire", html="<p>It <b>smokes</b> badly</p>")
    page = page_of(anna)
    page.goto("/acme/tickets")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Printer on fire")).to_be_visible(timeout=SLOW)
    expect(page.frame_locator("iframe").get_by_text("badly")).to_be_visible(timeout=SLOW)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("n")
    expect(page.get_by_label("Internal note")).to_be_focused(timeout=SLOW)
    page.keyboard.type("Carol again")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment.internal")).to_contain_text("Carol again", timeout=SLOW)
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("r")
    expect(page.get_by_label("Answer to Carol")).to_be_focused(timeout=SLOW)
    page.keyboard.type("Out it goes")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".comment.ours")).to_contain_text("Out it goes", timeout=SLOW)
    expect(page.locator("#ticket-facts")).to_contain_text("Resolved", timeout=SLOW)
    expect(page.get_by_label("Answer to Carol")).to_have_value("")


def test_what_a_customer_writes_stands_there_soon(
    page_of: Open, world: World, opened: Callable[..., Ticket], anna: Person
) -> None:
    ticket = opened("Printer on fire")
    page, list_page = page_of(anna), page_of(anna, width=390, height=800)
    page.goto("/acme/tickets/1")
    list_page.goto("/acme/tickets")
    page.keyboard.press("r")
    page.keyboard.type("Half a sent")
    with organization(world.organization_id):
        row = db.session.get_one(Ticket, (world.organization_id, ticket.id))
        receive_reply(row, "And now the scanner too.", by=world.cast["carol"].member)
    expect(page.get_by_text("And now the scanner too.")).to_be_visible(timeout=SLOW)
    expect(page.get_by_label("Answer to Carol")).to_have_value("Half a sent")
    opened("Coffee machine")
    expect(list_page.get_by_text("Coffee machine")).to_be_visible(timeout=SLOW)
    assert Axe().run(list_page).response["violations"] == []
    list_page.get_by_role("link", name="Printer on fire").click()
    expect(list_page.get_by_role("heading", name="Printer on fire")).to_be_visible(timeout=SLOW)
    assert Axe().run(list_page).response["violations"] == []
