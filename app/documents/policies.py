"""Drafts are their writer's own; texts are seen by whoever sees the noun they belong to."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import Role, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    KEEP_DRAFTS = "draft:keep"


permissions(
    P,
    lazy("Texts"),
    KEEP_DRAFTS=lazy("keep drafts of what they write"),
)

grant(P.KEEP_DRAFTS, *Role)
