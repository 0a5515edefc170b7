"""What somebody is in one place: a project, or a workspace and so the projects in it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case


class Standing(StrEnum):
    """From the most to the least. It narrows what the organization's role allows, and an admin's also widens it."""

    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"

    @property
    def height(self) -> int:
        """The specs' number: of many ways into a place, the highest counts."""
        return _HEIGHTS[self]

    @classmethod
    def of_height(cls, height: int | None) -> Standing | None:
        return _OF_HEIGHTS.get(height or 0)


_HEIGHTS = {Standing.ADMIN: 20, Standing.MEMBER: 15, Standing.GUEST: 5}
_OF_HEIGHTS = {height: standing for standing, height in _HEIGHTS.items()}


def height_of(column: Any) -> ColumnElement[int]:
    """The height of a standing that a column holds, to be compared in SQL."""
    return case(_HEIGHTS, value=column)
