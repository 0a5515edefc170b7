"""A customer, an agent and a board in three real browsers, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from app.boards.commands.fields import set_state
from app.boards.models import Issue
from app.kernel import outbox
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.projects.models import State
from tests.desk.conftest import support
from tests.world import Person, World

__all__ = ["support"]
pytestmark = pytest.mark.browser

SLOW = 20_000


def test_asked_handed_over_done_answered_and_closed(
    page_of: Callable[..., Any], world: World, support: int, carol: Person, anna: Person
) -> None:
    customer, agent = page_of(carol, width=390, height=800), page_of(anna)

    customer.goto("/acme/")
    expect(customer.get_by_text("No open tickets")).to_be_visible(timeout=SLOW)
    customer.keyboard.press("c")
    expect(customer.get_by_label("What is it about?")).to_be_focused(timeout=SLOW)
    customer.keyboard.type("Printer on fire")
    customer.keyboard.press("Tab")
    customer.keyboard.type("It smokes.")
    customer.keyboard.press("Control+Enter")
    expect(customer.get_by_role("heading", name="Printer on fire")).to_be_visible(timeout=SLOW)
    assert Axe().run(customer).response["violations"] == []

    agent.goto("/acme/tickets")
    agent.keyboard.press("j")
    agent.keyboard.press("Enter")
    expect(agent.get_by_role("heading", name="Printer on fire")).to_be_visible(timeout=SLOW)
    agent.keyboard.press("Shift+H")
    expect(agent.get_by_label("Title")).to_have_value("Printer on fire", timeout=SLOW)
    expect(agent.get_by_label("Title")).to_be_focused(timeout=SLOW)
    agent.keyboard.press("Control+Enter")
    expect(agent.get_by_role("region", name="Issues")).to_contain_text("-1", timeout=SLOW)
    expect(agent.locator("#ticket-facts")).to_contain_text("On hold", timeout=SLOW)

    _finish_the_issue(world)
    expect(agent.get_by_role("region", name="Issues")).to_contain_text("Done", timeout=SLOW)
    expect(agent.locator("#ticket-facts")).to_contain_text("Open", timeout=SLOW)
    expect(agent.get_by_text("was handed on as is done")).to_be_visible(timeout=SLOW)
    assert Axe().run(agent).response["violations"] == []
    agent.keyboard.press("r")
    expect(agent.get_by_label("Answer to Carol")).to_be_focused(timeout=SLOW)
    agent.keyboard.type("It is mended.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".comment.ours")).to_contain_text("It is mended.", timeout=SLOW)

    expect(customer.get_by_text("It is mended.")).to_be_visible(timeout=SLOW)
    customer.keyboard.press("r")
    expect(customer.get_by_label("Your message")).to_be_focused(timeout=SLOW)
    customer.keyboard.type("Thank you!")
    customer.keyboard.press("Control+Enter")
    expect(customer.get_by_role("list", name="Conversation")).to_contain_text("Thank you!", timeout=SLOW)
    expect(customer.get_by_label("Your message")).to_have_value("", timeout=SLOW)
    customer.reload()
    customer.keyboard.press("Shift+R")
    expect(customer.get_by_text("This ticket is closed.")).to_be_visible(timeout=SLOW)
    expect(agent.locator("#ticket-facts")).to_contain_text("Closed", timeout=SLOW)


def _finish_the_issue(world: World) -> None:
    """Somebody else does, elsewhere; then whoever listens is told, as the dispatch job would."""
    with organization(world.organization_id):
        issue = db.session.scalars(select(Issue)).one()
        wanted = select(State).where(State.project_id == issue.project_id, State.name == "Done")
        done = db.session.scalars(wanted).one()
        set_state([issue], done, by=world.cast["bob"].member)
    with organization(world.organization_id):
        outbox.dispatch()
