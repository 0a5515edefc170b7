"""Sources and questions for those who ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.dashboards.models import Source
from tests.dashboards.tables import SALES, load, source_of, upload
from tests.world import Person, World


@pytest.fixture
def sales(world: World, alice: Person, work: Callable[[], None]) -> Source:
    """Alice has brought in five rows of sales."""
    load(alice, upload(alice, SALES, name="Sales.csv"), work)
    return source_of(world)
