"""Markdown to HTML that is safe to show, to plain text, and to the colleagues it names.

Markdown's own HTML is shown as text; what remains passes an allowlist as the second wall. `@Bob` or `@Anna Kowalski`
names a reader by full name, or by first name when only one has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape

from app.organizations.models import Member

#: Characters of a text at most.
MOST = 100_000
#: Lists and quotes inside each other at most; deeper ones are shown as they were typed.
_DEEPEST = 20
#: Brackets and stars open at once beyond which a text is shown as typed: matching them takes time by the square.
_MARKS = 4_000

_URL = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
#: The whole tag: in text, which people write, its `<` is escaped, and in attributes its quotes are.
_MENTION = re.compile(r'<span class="mention" data-member="(\d+)">')
_TASK = re.compile(r"\[([ xX])\] ")

_ALLOWED: dict[str, set[str]] = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
    "code": {"class"},
    "span": {"class", "data-member", "role", "aria-label"},
    **{
        tag: set()
        for tag in (
            "p",
            "br",
            "hr",
            "h3",
            "h4",
            "h5",
            "h6",
            "strong",
            "em",
            "s",
            "pre",
            "blockquote",
            "ul",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
        )
    },
}


@dataclass(frozen=True)
class Rendered:
    html: str
    plain: str
    #: Ids of the readers it names.
    mentioned: frozenset[int]


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _image)
    return made


def render(body: str, readers: Sequence[Member] = ()) -> Rendered:
    """What a text looks like to people. `readers` are those whom it can name: who may see the noun it belongs to."""
    if not body.strip():
        return Rendered("", "", frozenset())
    if _too_tangled(body):
        html, plain = f"<pre><code>{escape(body)}</code></pre>", body.strip()
        return Rendered(html, plain, frozenset())
    tokens = _markdown().parse(body)
    names = _names(readers) if "@" in body else {}
    pattern = _pattern(names)
    for token in tokens:
        _soften(token)
        if token.type == "inline" and token.children:
            token.children = list(_enrich(_tasks(token.children), names, pattern))
    html = _clean(_markdown().renderer.render(tokens, _markdown().options, {}))
    return Rendered(html, _plain(tokens), mentioned_in(html))


def mentioned_ids(body: str, readers: Sequence[Member]) -> frozenset[int]:
    """Ids of the readers that a text names."""
    return render(body, readers).mentioned


def mentioned_in(html: str) -> frozenset[int]:
    """Ids of the members that a rendered text names."""
    return frozenset(int(found) for found in _MENTION.findall(html))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_ALLOWED),
        attributes=_ALLOWED,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def _too_tangled(body: str) -> bool:
    return len(body) > MOST or max(body.count(mark) for mark in "[*_`<~") > _MARKS


def _soften(token: Token) -> None:
    """Headings begin below the page's own; columns are aligned without a style attribute."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    if style := token.attrs.pop("style", None):
        token.attrs["align"] = str(style).removeprefix("text-align:")


def _image(self: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    """Pictures of other sites are not loaded, so that nobody learns who reads; they become links."""
    token = tokens[index]
    address, text = str(token.attrs.get("src", "")), token.content or "picture"
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def _tasks(children: list[Token]) -> list[Token]:
    """`[x] milk` at the beginning of a line begins with a box that readers hear."""
    first = children[0]
    if first.type == "text" and (found := _TASK.match(first.content)):
        says, sign = ("To do", "☐") if found.group(1) == " " else ("Done", "☑")
        box = Token("html_inline", "", 0)
        box.content = f'<span class="task-box" role="img" aria-label="{says}">{sign}</span> '
        first.content = first.content[found.end() :]
        return [box, *children]
    return children


def _enrich(children: list[Token], names: Mapping[str, Member], pattern: re.Pattern[str] | None) -> Iterable[Token]:
    """Bare addresses become links and names become mentions, but not inside of links."""
    inside = 0
    for token in children:
        inside += token.nesting if token.type.startswith("link_") else 0
        if token.type != "text" or inside:
            yield token
        else:
            yield from _linked(token.content, names, pattern)


def _linked(text: str, names: Mapping[str, Member], pattern: re.Pattern[str] | None) -> Iterable[Token]:
    end = 0
    for found in _URL.finditer(text):
        address = found.group().rstrip(".,;:!?)]}*_~")
        yield from _mentioning(text[end : found.start()], names, pattern)
        link = Token("link_open", "a", 1, attrs={"href": address})
        yield from (link, _text(address), Token("link_close", "a", -1))
        end = found.start() + len(address)
    yield from _mentioning(text[end:], names, pattern)


def _mentioning(text: str, names: Mapping[str, Member], pattern: re.Pattern[str] | None) -> Iterable[Token]:
    end = 0
    for found in pattern.finditer(text) if pattern else ():
        member = names[found.group(1).casefold()]
        yield _text(text[end : found.start()])
        mention = Token("html_inline", "", 0)
        mention.content = f'<span class="mention" data-member="{member.id}">@{escape(member.name)}</span>'
        mention.meta["plain"] = f"@{member.name}"
        yield mention
        end = found.end()
    yield _text(text[end:])


def _text(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token


def _names(readers: Sequence[Member]) -> dict[str, Member]:
    """What follows the @, folded, and whom it means."""
    firsts = Counter(member.name.split()[0].casefold() for member in readers if member.name.split())
    names = {}
    for member in readers:
        words = member.name.split()
        if words and firsts[words[0].casefold()] == 1:
            names[words[0].casefold()] = member
    return names | {member.name.casefold(): member for member in readers if member.name}


def _pattern(names: Mapping[str, Member]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w@/.])@({longest_first})(?!\w)", re.IGNORECASE)


def _plain(tokens: Sequence[Token]) -> str:
    lines = []
    for token in tokens:
        if token.type == "inline":
            lines.append("".join(_spoken(child) for child in token.children or ()))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line)


def _spoken(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "html_inline":
        return str(token.meta.get("plain", ""))
    return token.content
