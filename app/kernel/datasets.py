"""Datasets: an organization's own rows as tables that can be asked, each column with its meaning. Registered by rooms.

The room says which rows a member sees; whoever asks (dashboards) never learns of others, not even by counting them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select

from app.kernel.errors import NotFound


@dataclass(frozen=True)
class DatasetColumn:
    """One column: `name` as the SELECT labels it, `label` for people, and what a value means."""

    name: str
    label: str
    type: Literal["text", "number", "date", "timestamp", "boolean"]
    means: str = ""


@dataclass(frozen=True)
class Dataset:
    """One table of an organization's own, as it is asked: plural name, columns, and the rows a member sees."""

    name: str
    label: str
    icon: str
    #: The noun it lists; pages that show answers follow `any-<noun>`.
    noun: str
    #: Without it a member has no such table.
    permission: str
    columns: Sequence[DatasetColumn]
    #: member -> SELECT of these columns, by name, with the noun's `visible_to(member)` in it.
    select: Callable[[Any], Select[Any]]
    means: str = ""


_datasets: dict[str, Dataset] = {}


def register_dataset(dataset: Dataset) -> None:
    """Make a dataset known. Registering again replaces (tests build many apps)."""
    _datasets[dataset.name] = dataset


def dataset_named(name: str, member: Any) -> Dataset:
    """Raises NotFound for one that nobody registered, or that is not this member's to ask."""
    found = _datasets.get(name)
    if found is None or not member.may(found.permission):
        raise NotFound
    return found


def datasets_of(member: Any) -> list[Dataset]:
    """Those that a member may ask, by label."""
    return sorted((found for found in _datasets.values() if member.may(found.permission)), key=lambda one: one.label)
