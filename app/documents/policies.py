"""Drafts are their writer's own; texts are seen by whoever sees the noun they belong to."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import Role, grant


class P(StrEnum):
    KEEP_DRAFTS = "draft:keep"


grant(P.KEEP_DRAFTS, *Role)
