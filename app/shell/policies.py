"""What everybody may do who comes in: see a home, and look after themselves. What it shows is each noun's own rule."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import COLLEAGUES, Role, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    HOME = "home:view"
    #: See what oneself and others work on, as far as one may see the issues.
    WORK = "work:view"
    PROFILE = "profile:edit"


permissions(
    P,
    lazy("Everyday"),
    HOME=lazy("open the home page"),
    WORK=lazy("see their own work and that of others"),
    PROFILE=lazy("change their own profile"),
)

grant(P.HOME, *Role)
grant(P.WORK, *COLLEAGUES)
grant(P.PROFILE, *Role)
