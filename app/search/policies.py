"""Who may search and keep things at hand: everybody who may come in. What they find is each noun's own `visible_to`."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import COLLEAGUES, STAFF, Role, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    SEARCH = "search:use"
    #: One's own.
    KEEP = "favourite:edit"
    #: Between things that one sees; the page of either shows it to those who see both.
    LINK = "link:edit"


permissions(
    P,
    lazy("Search"),
    SEARCH=lazy("search what they may see"),
    KEEP=lazy("keep favourites"),
    LINK=lazy("link things to one another"),
)

grant(P.SEARCH, *Role)
grant(P.KEEP, *COLLEAGUES)
grant(P.LINK, *STAFF)
