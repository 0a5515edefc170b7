"""The order of the rooms, where imports cannot show it: addresses, templates, foreign keys and relations.

The order itself stands once, in pyproject.toml's import-linter contract.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import rooms
from app.kernel.database import db

ROOT = Path(__file__).resolve().parents[1]

#: What may be named from below, and why.
ALLOWED = {
    ("kernel", "organizations"): "every tenant's row belongs to an organization and every activity to a member",
    (
        "accounts",
        "organizations",
    ): "a security event may belong to an organization; signing in leads to one's organizations",
    ("web", "shell"): "the layout has a place for the sidebar, which only the shell can fill",
    ("web", "accounts"): "the guard sends strangers to the sign-in page",
}


def _levels() -> dict[str, int]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        room.strip().removeprefix("app."): len(layers) - level
        for level, line in enumerate(layers)
        for room in line.split("|")
    }


LEVELS = _levels()


def _allowed(here: str, there: str) -> bool:
    """A room may name itself, rooms below, and what ALLOWED says; strangers of one level may not name each other."""
    return here == there or there not in LEVELS or LEVELS[there] < LEVELS[here] or (here, there) in ALLOWED


def _sources() -> Iterator[tuple[str, Path]]:
    for folder, pattern in (("app", "*.py"), ("templates", "*.html"), ("templates", "*.txt")):
        for path in (ROOT / folder).rglob(pattern):
            yield path.relative_to(ROOT / folder).parts[0], path


def _named(text: str) -> Iterator[str]:
    """Rooms that a source names by address or template."""
    yield from re.findall(r"url_for\(\s*[\"'](\w+)\.", text)
    yield from re.findall(r"\{%-?\s*(?:include|from|import|extends)\s+[\"'](\w+)/", text)


def test_addresses_and_templates_keep_the_order() -> None:
    wrong = sorted(
        f"{path.relative_to(ROOT)} names {there}"
        for here, path in _sources()
        if here in LEVELS
        for there in set(_named(path.read_text()))
        if not _allowed(here, there)
    )
    assert wrong == []


def test_foreign_keys_and_relations_keep_the_order() -> None:
    rooms()
    home = {mapper.local_table.name: mapper.class_.__module__.split(".")[1] for mapper in db.Model.registry.mappers}
    wrong = set()
    for mapper in db.Model.registry.mappers:
        here = home[mapper.local_table.name]
        targets = {key.column.table.name for key in mapper.local_table.foreign_keys}
        targets |= {relation.mapper.local_table.name for relation in mapper.relationships}
        wrong |= {f"{mapper.class_.__name__} refers to {t}" for t in targets if not _allowed(here, home[t])}
    assert wrong == set()


@pytest.mark.parametrize("pair", ALLOWED)
def test_no_exception_outlives_its_reason(pair: tuple[str, str]) -> None:
    rooms()
    here, there = pair
    home = {mapper.local_table.name: mapper.class_.__module__.split(".")[1] for mapper in db.Model.registry.mappers}
    by_key = any(
        home[key.column.table.name] == there
        for mapper in db.Model.registry.mappers
        if home[mapper.local_table.name] == here
        for key in mapper.local_table.foreign_keys
    )
    by_name = any(there in set(_named(path.read_text())) for room, path in _sources() if room == here)
    assert by_key or by_name, f"{here} no longer names {there}"
