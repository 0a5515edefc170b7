"""Who reads what everybody did."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import ADMINS, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    AUDIT = "audit:view"


permissions(P, lazy("Audit"), AUDIT=lazy("read the audit and the security events, and take them out"))

grant(P.AUDIT, *ADMINS)
