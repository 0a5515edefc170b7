"""Every address and everybody: what each of the cast gets, against the committed table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.organizations.addresses import objection
from app.web.urls import RESERVED
from tests.sweeps.visits import TABLE, WHO, observe, table, visits
from tests.world import World

EXPECTED = table()


@pytest.fixture(autouse=True)
def _as_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks is a 500 in a cell of the table, not the end of the sweep; the log says why."""
    monkeypatch.setitem(app.config, "TESTING", False)


@pytest.fixture(scope="module")
def rules(app: Flask) -> dict[str, tuple[str, Rule]]:
    return {name: (method, rule) for name, method, rule in visits(app)}


def test_every_address_has_a_row(rules, world: World, again: Callable[[], World]) -> None:
    """Missing rows are observed and shown, to be looked at and pasted."""
    missing = [name for name in rules if name not in EXPECTED]
    lines = [f'"{name}" = "{" ".join(map(str, observe(again(), *rules[name], again)))}"' for name in missing]
    if missing:
        pytest.fail(
            f"{len(missing)} addresses have no row in tests/sweeps/{TABLE.name}. This is what everybody gets\n"
            f"now; look at each (404: may not see it, 403: may not do it, 303: sign in first), mend what is wrong,\n"
            f"and paste the rest:\n\n"
            f"# {'  '.join(WHO)}\n" + "\n".join(lines),
            pytrace=False,
        )


def test_every_row_has_an_address(rules) -> None:
    assert sorted(EXPECTED.keys() - rules.keys()) == [], f"take these rows out of {TABLE.name}"


@pytest.mark.parametrize("name", EXPECTED)
def test_address(name: str, rules, world: World, again: Callable[[], World]) -> None:
    if name not in rules:
        pytest.fail(f"no address answers to {name}", pytrace=False)
    method, rule = rules[name]
    observed = observe(world, method, rule, again)
    wrong = [
        f"{who}: {status}, not {expected}"
        for who, status, expected in zip(WHO, observed, EXPECTED[name], strict=True)
        if status != expected
    ]
    if wrong:
        row = f'"{name}" = "{" ".join(map(str, observed))}"'
        pytest.fail(f"{name} answers {'; '.join(wrong)}. If that is right, the row is\n{row}", pytrace=False)


def test_nothing_is_expected_to_break() -> None:
    assert [name for name, statuses in EXPECTED.items() if max(statuses) >= 500 and name != "GET /readyz"] == []


def test_no_organization_can_stand_in_the_way_of_an_address_of_ours(rules) -> None:
    first = {rule.rule.split("/")[1] for _, rule in rules.values()}
    could_be = {part for part in first if objection(part) is None}
    assert sorted(could_be - RESERVED) == [], "reserve these in app/web/urls.py"
