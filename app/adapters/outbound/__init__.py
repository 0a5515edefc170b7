"""Outbound HTTP: the one way by which we ask strangers' servers, for whatever reason.

`request("GET", url)` asks and follows redirects itself. Every hop is looked at anew: only http and https, no names or
numbers of our own network (`adapters.addresses`), unless the operator allows them (OUTBOUND_ALLOW). A name is resolved
once, and the connection goes to the very address that was looked at. Answers are bounded in time and size.
"""

from app.adapters.outbound.allowed import Allowed, allowed_by
from app.adapters.outbound.asking import Answer, is_allowed, request
from app.adapters.outbound.errors import OutboundError, Refused, TooLarge, Unreachable

__all__ = [
    "Allowed",
    "Answer",
    "OutboundError",
    "Refused",
    "TooLarge",
    "Unreachable",
    "allowed_by",
    "is_allowed",
    "request",
]
