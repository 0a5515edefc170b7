"""A rendered text as the body of a whole page: its headings can be listed and led to, what scrolls can be reached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

#: Rendering leaves headings bare, and escapes what was typed: no other `<h3>` can stand in a text.
_HEADING = re.compile(r"<h([3-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_WIDE = re.compile(r"<(pre|table)>")
#: Headings that a page lists.
MOST = 100


@dataclass(frozen=True)
class Heading:
    text: str
    #: 0: as high as any in this text.
    level: int
    anchor: str


@dataclass(frozen=True)
class Outlined:
    """A text whose headings have anchors."""

    html: str
    headings: Sequence[Heading]


def outline(html: str, prefix: str = "part") -> Outlined:
    """Give each heading an id, and list those that say something, two levels of them.

    The highest become `h2`, right below the page's own title; code and tables can take the focus, since they scroll.
    """
    found: list[tuple[int, str, str]] = []
    highest = min((int(level) for level, _ in _HEADING.findall(html)), default=2)

    def anchored(match: re.Match[str]) -> str:
        anchor = f"{prefix}-{len(found) + 1}"
        level = int(match[1]) - highest
        found.append((level, unescape(_TAG.sub("", match[2])).strip(), anchor))
        return f'<h{level + 2} id="{anchor}">{match[2]}</h{level + 2}>'

    marked = _HEADING.sub(anchored, html)
    headings = [Heading(text, level, anchor) for level, text, anchor in found if text]
    return Outlined(
        _WIDE.sub(r'<\1 tabindex="0">', marked), [heading for heading in headings if heading.level < 2][:MOST]
    )
