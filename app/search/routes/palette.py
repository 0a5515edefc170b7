"""The palette: what the server finds while one types. And the page of all that was found."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from app.kernel.events import noun_named, searched_nouns
from app.search import finders, places
from app.search.finders import Found
from app.search.policies import P
from app.search.queries.finding import excerpts, find
from app.search.routes import bp
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.replies import page, reply

#: Options a group. More are not read: whoever sees too many types another letter.
MOST = 8
#: Results of a noun on their page: together with others, and alone.
SOME, MANY = 10, 100
_LONGEST = 100


@bp.get("/palette")
@requires(P.SEARCH)
def show_palette() -> ResponseReturnValue:
    """Options in groups for what was typed; `@` at its beginning looks among people only. Nothing typed: the places."""
    asked = _asked()
    people_only = asked.startswith("@")
    words = finders.words_of(asked.removeprefix("@"))
    groups: dict[str, Sequence[Found]] = {
        group: look(current_member, words, MOST)
        for group, look in finders.all_finders().items()
        if words and (group == "People" or not people_only)
    }
    if words and not people_only:
        for hits in find(current_member, asked, most=MOST).values():
            group = finders.group_of(hits[0].noun)
            groups[group] = finders.merged(groups.get(group, ()), [finders.as_found(hit) for hit in hits], MOST)
    found = [] if people_only else places.find_places(current_member, words)
    return reply("search/palette/show.html", groups=groups, places=found, words=words, asked=asked)


@bp.get("/search")
@requires(P.SEARCH)
def show_results() -> ResponseReturnValue:
    """All that was found for `q`; with `noun` of that noun only."""
    asked = _asked()
    kind = request.args.get("noun", "")
    only = [noun_named(kind).name] if kind else []
    found = find(current_member, asked, nouns=only, most=MANY if only else SOME)
    hits = [hit for some in found.values() for hit in some]
    return page(
        "search/results/show.html",
        asked=asked,
        words=finders.words_of(asked),
        found={finders.group_of(some[0].noun): some for some in found.values()},
        excerpts=excerpts(hits, asked),
        only=only and finders.group_of(noun_named(kind)),
        kinds=[noun for noun in searched_nouns() if noun.name in found] if not only else [],
        some=SOME,
    )


def _asked() -> str:
    return one_line(request.args.get("q", ""))[:_LONGEST]  # type: ignore[index]
