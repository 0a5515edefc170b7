"""Mail addresses, and what a limit counts as one place on the network."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from email_validator import EmailNotValidError, validate_email


def normalise(text: str | None) -> str | None:
    """An address as we keep it: lower case, its domain in ASCII. None when it is no mail address.

    The names of machines inside a company (`anna@corp`) are fine; whether the mail arrives, only the mail tells.
    """
    try:
        found = validate_email(
            (text or "").strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            globally_deliverable=False,
            test_environment=True,
        )
    except EmailNotValidError:
        return None
    address = (found.ascii_email or "").lower()
    return address if 0 < len(address) <= 254 else None


def place(ip: str | None) -> str:
    """Whom we count as one place: an IPv4 address, or an IPv6 network of 64 bits, which one person has whole."""
    try:
        address = ip_address(ip or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
