"""Who was let in a moment ago is not looked up again, for parts of a page that everybody asks for at once.

When a card moves, every open board asks for its region. `drawn` has the text; what is left is to find session, member
and project anew for each of them. A pass remembers, in this process, that this browser got this very address:

    @bp.get("/projects/<identifier>/board/columns")
    @with_pass
    @requires(P.VIEW, load=project_by_identifier)
    def show_columns(project):
        return reply_once(…)

It is worth something only while no member and no project of the organization has changed (the ledger moves
`any-member` and `any-project` with each such change), while no browser of the person was signed out, and for LASTS
seconds. So whoever is taken out of a project, or signed out from elsewhere, is out at once; who holds a permission for
a time gets none. Only for views that change nothing and answer by `reply_once`.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from flask import g, make_response, request, session
from flask_login import current_user
from redis import RedisError

from app.kernel import live
from app.kernel.database import current_organization_id
from app.kernel.jobs import redis
from app.web.drawn import Piece, text_if

#: Seconds.
LASTS = 15.0
#: Passes that a process keeps; the oldest go first.
_MOST = 2000

Versions = dict[str, str]


class _Pass(NamedTuple):
    until: float
    #: What decides who may see what, and where it stood before the guard let this browser in. None where that is not
    #: known, because the organization was not: then the next request finds out.
    access: Versions | None
    topics: tuple[str, ...]
    piece: Piece


_passes: OrderedDict[tuple[str, str], _Pass] = OrderedDict()


def with_pass(view: Callable[..., Any]) -> Callable[..., Any]:
    """Around `@requires`: who has a pass gets what is drawn; the guard and the view answer everybody else."""

    @wraps(view)
    def answered(**parts: Any) -> Any:
        browser = (str(session.get("_user_id", "")), request.full_path)
        known = _passes.get(browser)
        # Read before the guard decides: whoever is taken out meanwhile gets a pass that is worth nothing.
        present = _versions((*known.topics, *known.piece.topics)) if known else None
        before = {topic: present[topic] for topic in known.topics} if known and present else None
        good = known and before and known.access == before and time.monotonic() < known.until
        if known and good and present and (text := text_if(known.piece, present)) is not None:
            return make_response(text)
        response = view(**parts)
        piece = g.pop("piece", None)
        # What somebody may do for a time ends without a change that would move a topic: they are looked up each time.
        if browser[0] and piece and not getattr(g.get("member"), "has_grants", False):
            here = current_organization_id()
            topics = (f"{here}:any-member", f"{here}:any-project", live.user_topic(current_user.id))
            access = before if known and known.topics == topics else None
            _passes[browser] = _Pass(time.monotonic() + LASTS, access, topics, piece)
            while len(_passes) > _MOST:
                _passes.popitem(last=False)
        return response

    return answered


def _versions(topics: tuple[str, ...]) -> Versions | None:
    try:
        return dict(live.versions(redis(), topics))
    except RedisError:
        return None
