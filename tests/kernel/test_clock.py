"""Time can be pretended, so that demo data has a past and tests need not wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.kernel import clock


def test_it_is_the_pretended_moment_within_the_block_only() -> None:
    then = datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(hours=2)))
    with clock.at(then):
        assert clock.now() == then
        assert clock.now().tzinfo is UTC
        with clock.at(then + timedelta(days=1)):
            assert clock.now() - then == timedelta(days=1)
        assert clock.now() == then
    assert clock.now() > then + timedelta(days=100)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.at(datetime(2024, 1, 1)):
        pass
