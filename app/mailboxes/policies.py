"""Who reads the organization's mail, decides about what could not be filed, and says where mail comes from."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import ADMINS, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    #: All mail that the organization sent and got, also what it told others.
    VIEW = "mail:view"
    #: File again what could not be filed, and dismiss it.
    FILE = "mail:file"
    #: Addresses, and mailboxes on other servers with their passwords.
    CONNECT = "mail:connect"


permissions(
    P,
    lazy("Mail"),
    VIEW=lazy("read all mail of the organization, in and out"),
    FILE=lazy("file or dismiss mail that went nowhere"),
    CONNECT=lazy("connect addresses and mailboxes"),
)

grant(P.VIEW, *ADMINS)
grant(P.FILE, *ADMINS)
grant(P.CONNECT, *ADMINS)
