"""Where a URL leads: the parts that count, and the addresses that may be connected to."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from app.adapters.addresses import is_public
from app.adapters.outbound.allowed import Allowed
from app.adapters.outbound.errors import Refused, Unreachable

#: (host, port) -> addresses. Asked once for every connection.
Resolve = Callable[[str, int], Sequence[str]]

_LONGEST = 2000
#: Below 1024 only these: the rest belongs to mail, shells and databases.
_WEB_PORTS = (80, 443)
#: Addresses of one name that are tried.
_MOST = 4
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
#: What ends like a number is an address in some old spelling (0x7f.1, 2130706433), or nothing.
_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")


@dataclass(frozen=True)
class Place:
    """The server that a URL names."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def place_of(url: httpx.URL, allowed: Allowed) -> Place:
    """The server of a URL. Raises Refused for what we never ask."""
    if url.scheme not in ("http", "https"):
        raise Refused("Only http and https addresses are asked.")
    if url.userinfo:
        raise Refused("An address with a name or password in it is not asked.")
    host = url.raw_host.decode("ascii").lower().removeprefix("[").removesuffix("]").rstrip(".")
    port = url.port or (443 if url.scheme == "https" else 80)
    if not (_NAME.fullmatch(host) or is_address(host)) or port > 65535 or len(str(url)) > _LONGEST:
        raise Refused("This is not the address of a server.")
    if not allowed.host(host, port):
        if port < 1024 and port not in _WEB_PORTS:
            raise Refused("Web servers do not listen on this port.")
        if _NUMBER.search(host) and not is_address(host):
            raise Refused("This is not the name of a server.")
    return Place(url.scheme, host, port)


def addresses_of(place: Place, allowed: Allowed, resolve: Resolve) -> list[str]:
    """What may be connected to, the first to be tried first. One look-up. Raises Refused, Unreachable.

    One address of our own among others makes all of them suspicious: the name is somebody's trick, or ours.
    """
    found = list(dict.fromkeys(resolve(place.host, place.port)))[:_MOST]
    if not found:
        raise Unreachable("There is no server of this name.")
    if not allowed.host(place.host, place.port) and not all(
        is_public(address) or allowed.address(address) for address in found
    ):
        raise Refused("This address lies in a network that we do not ask.")
    return found


def look_up(host: str, port: int) -> list[str]:
    """The system's resolver."""
    try:
        return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable("There is no server of this name.") from error


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
