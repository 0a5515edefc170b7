"""When the demo is made, and when it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from app.demo import seed_if_empty
from app.demo.cast import KESTREL, PROJECTS
from app.demo.history import invent
from app.organizations import queries


def test_nothing_is_made_beside_a_real_organization(world: Any, app: Flask) -> None:
    assert seed_if_empty(app) is None
    assert queries.organization_id_of("kestrel") is None


def test_it_can_be_switched_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRESTLE_DEMO", "0")
    assert seed_if_empty(app) is None
    assert queries.organization_id_of("kestrel") is None


def test_the_same_past_every_time_apart_from_its_dates() -> None:
    when = datetime(2026, 3, 4, 15, tzinfo=UTC)
    one, other = invent(PROJECTS, KESTREL, now=when), invent(PROJECTS, KESTREL, now=when)
    assert [sitting[:4] for sitting in one.sittings] == [sitting[:4] for sitting in other.sittings]
    for weekday in range(7):
        past = invent(PROJECTS, KESTREL, now=when.replace(day=4 + weekday))
        days = {sitting.at.date() for sitting in past.sittings} - {date(2026, 3, 4 + weekday)}
        assert all(day.weekday() < 5 for day in days)
        assert max(sitting.at for sitting in past.sittings) < when.replace(day=4 + weekday)
