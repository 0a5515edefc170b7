"""What the palette shows: rows that search found, and what rooms look up themselves.

By words everything is found through search's own index. A finder is for what is no words: a key, a colleague's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from app.kernel.events import Noun
from app.organizations.models import Member
from app.search.queries.finding import Hit


@dataclass(frozen=True)
class Found:
    """One thing that fits: an option of the palette."""

    id: str
    title: str
    url: str
    icon: str
    #: What stands at the end of the line: an issue's key, a project's identifier.
    where: str = ""
    #: What the icon means, for those who do not see it.
    means: str = ""


#: (member, words, most) -> what fits of what the member sees, best first. `words` is not empty. A fixed number of
#: statements.
Finder = Callable[[Member, list[str], int], Sequence[Found]]

_finders: dict[str, Finder] = {}
#: noun's name -> how a row of it stands in the palette.
_shown: dict[str, Callable[[Any], Found]] = {}


def find_by(group: str, finder: Finder) -> None:
    """Let the palette look here too. `group` is the heading; handing in again replaces (tests build many apps)."""
    _finders[group] = finder


def all_finders() -> dict[str, Finder]:
    return dict(_finders)


def show_as(noun: str, found: Callable[[Any], Found]) -> None:
    """Let a noun's rows stand in the palette by more than their icon and title."""
    _shown[noun] = found


def as_found(hit: Hit) -> Found:
    """A row that search found, as an option."""
    noun, row = hit.noun, hit.row
    if noun.name in _shown:
        return _shown[noun.name](row)
    return Found(f"{noun.name}-{row.id}", noun.title(row), noun.url(row), noun.icon)


def group_of(noun: Noun) -> str:
    """The heading above a noun's rows."""
    return noun.plural or f"{noun.name.capitalize()}s"


def merged(first: Sequence[Found], more: Sequence[Found], most: int) -> list[Found]:
    """What stands at once, then what search knows, each once."""
    known = {one.id for one in first}
    return [*first, *(one for one in more if one.id not in known)][:most]


def words_of(asked: str, most: int = 6) -> list[str]:
    """What was typed, as words. More than `most` are not looked at."""
    return asked.split()[:most]


def containing(word: str) -> str:
    """The pattern of ILIKE for text that holds `word` as it was typed."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def beginning(word: str) -> str:
    """The pattern of ILIKE for text that begins with `word`."""
    return containing(word)[1:]


def marked(text: str, words: Sequence[str]) -> Markup:
    """The text with what was typed marked in it."""
    if not words:
        return escape(text)
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({longest_first})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )
