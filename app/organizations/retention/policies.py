"""Who says how long things are kept."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import Role, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    RETAIN = "organization:retain"


permissions(P, lazy("Organization and members"), RETAIN=lazy("say how long things are kept, and take them out"))

grant(P.RETAIN, Role.OWNER)
