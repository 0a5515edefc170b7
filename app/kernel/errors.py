"""Errors that carry a sentence for people. One place in `web` turns them into replies."""

from __future__ import annotations


class Refused(Exception):
    """A command will not do what was asked. The message is a sentence a person can act on."""

    status = 409


class NotFound(Refused):
    """The thing does not exist, or this member may not see it; the two are never told apart."""

    status = 404

    def __init__(self, message: str = "There is nothing here, or you may not see it.") -> None:
        super().__init__(message)


class Forbidden(Refused):
    """Seen, but not permitted."""

    status = 403

    def __init__(self, message: str = "Your role does not allow this.") -> None:
        super().__init__(message)


class Unknown(Refused):
    """Nobody knows who asks: the key is none, or none any more."""

    status = 401


class Invalid(Refused):
    """A value cannot be accepted. `field` names the form field it belongs to, if any."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooMany(Refused):
    """Asked too often; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refused):
    """A part that the answer depends on cannot be reached, so nothing was done."""

    status = 503
