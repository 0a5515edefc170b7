"""Addresses of our own network, written as addresses of the world."""

from __future__ import annotations

import pytest

from app.adapters.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::10.0.0.8",
        "64:ff9b::a9fe:a9fe",
        "2002:a00:8::1",
    ],
)
def test_no_way_into_our_own_network(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::9", "64:ff9b::9.9.9.9", "::ffff:9.9.9.9"])
def test_the_world_is_reached(address: str) -> None:
    assert is_public(address)
