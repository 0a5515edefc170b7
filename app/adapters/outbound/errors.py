"""What can go wrong outside. The messages are sentences, without anything that the other side said."""

from __future__ import annotations


class OutboundError(Exception):
    """There is no answer that could be used."""


class Refused(OutboundError):
    """We do not ask there; asking again does not help."""


class Unreachable(OutboundError):
    """The other side does not answer, not in time, or not in HTTP."""


class TooLarge(OutboundError):
    """The answer is longer than it may be."""
