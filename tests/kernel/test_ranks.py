"""Manual order as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.ranks import CROWDED, rank_between, ranks_between


@given(st.lists(st.floats(0, 1), max_size=200))
def test_wherever_one_inserts_the_order_holds(places: list[float]) -> None:
    order: list[str] = []
    for place in places:
        at = int(place * len(order))
        rank = rank_between(order[at - 1] if at else None, order[at] if at < len(order) else None)
        order.insert(at, rank)
    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_a_hundred_thousand_at_the_end_stay_short() -> None:
    rank = None
    for _ in range(100_000):
        rank = rank_between(rank, None)
    assert rank is not None
    assert len(rank) < 6


def test_spreading_makes_room_for_a_long_time() -> None:
    ranks = ranks_between(None, None, 10_000)
    assert ranks == sorted(ranks)
    low, high, drops = ranks[4_999], ranks[5_000], 0
    while len(high) <= CROWDED:
        high, drops = rank_between(low, high), drops + 1
    assert drops > 300
