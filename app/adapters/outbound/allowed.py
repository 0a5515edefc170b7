"""What the operator allows beyond the world: `OUTBOUND_ALLOW=idp.corp.example,10.1.0.0/16,hooks.lan:8080`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Allowed:
    """Networks, and hosts with a port or with any. A host stands for itself alone, wherever it leads."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[tuple[str, int | None]] = frozenset()

    def host(self, host: str, port: int) -> bool:
        return (host, None) in self.hosts or (host, port) in self.hosts

    def address(self, address: str) -> bool:
        found = ipaddress.ip_address(address.partition("%")[0])
        return any(found in network for network in self.networks if network.version == found.version)


def allowed_by(entries: Iterable[str]) -> Allowed:
    """Entries as Allowed. Raises ValueError at one that is neither network, host nor host:port."""
    return _allowed(tuple(entries))


@lru_cache(maxsize=64)
def _allowed(entries: tuple[str, ...]) -> Allowed:
    networks: list[Network] = []
    hosts: set[tuple[str, int | None]] = set()
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry))
        except ValueError:
            hosts.add(_host(entry))
    return Allowed(tuple(networks), frozenset(hosts))


def _host(entry: str) -> tuple[str, int | None]:
    name, port = entry.lower(), ""
    if not name.endswith("]") and ":" in name:
        name, _, port = name.rpartition(":")
    name = name.removeprefix("[").removesuffix("]").rstrip(".")
    if not name or any(sign in name for sign in "/@*? ") or (port and not (port.isdecimal() and 0 < int(port) < 65536)):
        raise ValueError(f"{entry!r} is neither a network, a host nor host:port")
    return name, int(port) if port else None
