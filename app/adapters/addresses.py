"""Which addresses of the network are the world's, and which are our own or nobody's."""

from __future__ import annotations

import ipaddress

#: IPv6 networks whose addresses end with an IPv4 address: translators' own (RFC 6052), and the first form of it.
_CARRIERS = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
#: Networks that lead to IPv4 addresses in ways of their own: no peer of ours is reached through them.
_TUNNELS = (
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # translators of one network
    ipaddress.IPv6Network("2001::/32"),  # Teredo
)
#: ISATAP: the last 64 bits of any network say that an IPv4 address follows.
_ISATAP = (0x00005EFE, 0x02005EFE)
#: Where clouds answer questions about the machine, and what no list of special networks holds.
_METADATA = (
    ipaddress.IPv4Network("168.63.129.16/32"),
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays of 6to4
)


def is_public(address: str) -> bool:
    """Whether an address is one of the world's: also the IPv4 address is looked at that an IPv6 one carries along."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.is_site_local or any(found in network for network in _TUNNELS):
            return False
        carried = found.ipv4_mapped or found.sixtofour
        low = int(found) & 0xFFFFFFFFFFFFFFFF
        if carried is None and (any(found in network for network in _CARRIERS) or low >> 32 in _ISATAP):
            carried = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(str(carried))
    elif any(found in network for network in _METADATA):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
