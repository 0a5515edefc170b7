"""Every entity and column of the five specifications has a home, and every home exists.

`python -m tests.domain` prints what has none yet; the test checks what docs/domain.toml claims.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from app.factory import rooms
from app.kernel.database import db

ROOT = Path(__file__).resolve().parents[1]
KEYS = {"table", "tables", "renamed", "derived", "replaced", "planned", "unique", "values", "on_delete"}


def specified() -> dict[str, dict[str, list[str]]]:
    """{system: {entity: [column, …]}}"""
    found: dict[str, dict[str, list[str]]] = json.loads((ROOT / "tests/data/spec_entities.json").read_text())
    return found


def claimed() -> dict[str, dict[str, Any]]:
    return tomllib.loads((ROOT / "docs/domain.toml").read_text())


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def problems() -> Iterator[str]:
    """A sentence for each claim that does not hold."""
    rooms()
    tables = db.metadata.tables
    spec = specified()
    for entity, claim in claimed().items():
        system, _, name = entity.partition(".")
        if name not in spec.get(system, {}):
            yield f"{entity}: the specifications know no such entity"
            continue
        if strange := set(claim) - KEYS:
            yield f"{entity}: {sorted(strange)} means nothing"
        if isinstance(claim.get("replaced"), str):
            continue
        homes = claim.get("tables") or [claim.get("table", "")]
        if missing := [home for home in homes if home not in tables]:
            yield f"{entity}: no table {missing}"
            continue
        yield from _columns(entity, spec[system][name], claim, [tables[home] for home in homes], tables)
        yield from _constraints(entity, claim, tables[homes[0]])


def _columns(entity: str, columns: list[str], claim: dict[str, Any], homes: list[Table], tables: Any) -> Iterator[str]:
    renamed, told = claim.get("renamed", {}), {}
    for kind in ("derived", "replaced", "planned"):
        told |= claim.get(kind, {})
    for column in columns:
        if column in told:
            continue
        where = renamed.get(column, snake(column))
        other, _, field = where.rpartition(".")
        places = [tables[other]] if other in tables else homes
        if not any(field in place.columns for place in places):
            yield f"{entity}.{column} has no home at {where}"
    for column in [*renamed, *told]:
        if column not in columns:
            yield f"{entity}.{column} is not in the specifications"
    for column in told.keys() & renamed.keys():
        yield f"{entity}.{column} is told twice"


def _constraints(entity: str, claim: dict[str, Any], table: Table) -> Iterator[str]:
    unique = [sorted(c.name for c in k.columns) for k in table.constraints if isinstance(k, UniqueConstraint)]
    unique += [sorted(c.name for c in index.columns) for index in table.indexes if index.unique]
    for columns in claim.get("unique", []):
        if sorted(columns) not in unique:
            yield f"{entity}: {columns} is not unique in {table.name}"
    for column, values in claim.get("values", {}).items():
        known = list(getattr(table.columns[column].type, "enums", []))
        if sorted(known) != sorted(values):
            yield f"{entity}.{column} takes {known}, not {values}"


def homeless() -> list[str]:
    """Entities that docs/domain.toml does not name yet."""
    named = claimed()
    return [
        f"{system}.{name}"
        for system, entities in specified().items()
        for name in entities
        if f"{system}.{name}" not in named
    ]


if __name__ == "__main__":
    wrong = list(problems())
    planned = sum(len(claim.get("planned", {})) for claim in claimed().values())
    without = homeless()
    print("\n".join([*wrong, *(f"no home yet: {name}" for name in without)]))
    print(f"{len(wrong)} wrong, {len(without)} entities without a home, {planned} columns planned")
    raise SystemExit(bool(wrong))
