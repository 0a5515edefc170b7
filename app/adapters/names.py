"""The DNS, asked for what somebody wrote there to prove that a domain is theirs."""

from __future__ import annotations

from typing import Any

import dns.exception
import dns.resolver
from flask import current_app

_SECONDS = 5.0
#: Records that are read of one name.
_MOST = 50


class NamesTrouble(Exception):
    """The DNS does not answer."""


def texts(name: str) -> list[str]:
    """The TXT records of a name; none when there is no such name. Raises NamesTrouble."""
    try:
        answer = _resolver().resolve(name, "TXT", lifetime=_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError) as error:
        raise NamesTrouble(f"The DNS says nothing of {name}.") from error
    records: list[Any] = list(answer)[:_MOST]
    return [b"".join(record.strings).decode("utf-8", "replace") for record in records]


def _resolver() -> dns.resolver.Resolver:
    servers = current_app.extensions["trestleboard"].dns_servers
    if not servers:
        return dns.resolver.Resolver()
    made = dns.resolver.Resolver(configure=False)
    host, _, port = servers[0].rpartition(":") if servers[0].count(":") == 1 else (servers[0], "", "53")
    made.nameservers, made.port = [host], int(port)
    return made
