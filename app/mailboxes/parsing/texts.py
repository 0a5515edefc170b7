"""Bodies as plain text: HTML read aloud, quotes and signatures taken off."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
from mailparser_reply import EmailReplyParser

from app.web.forms import prose

#: Characters of a text that are kept; the whole is in the raw mail.
MOST = 60_000
MOST_HTML = 1_000_000
#: Characters in which the end of an answer is looked for: patterns over endless lines are slow.
_LOOKED_AT, _LINE = 20_000, 400
_CUT = "\n\n[The rest of this mail is left out here.]"
_LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "sv", "da"]
_SIGNATURE = re.compile(r"^--$", re.MULTILINE)
_DEEPEST = 500
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_words = re.compile(r"[a-z0-9-]+").findall

#: Elements that are often left open, and do not nest then.
_SHALLOW = frozenset(_words("p li br hr img tr td th dt dd option meta link input col wbr area base source"))
#: Elements that begin a line of their own.
_BLOCKS = frozenset(_words("p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote pre hr"))
_READ = _BLOCKS | {"a", "td", "th", "img", "b", "i", "span"}
_SILENT = {"script", "style", "title", "head", "template", "noscript", "svg", "math"}


def sound(text: str, most: int) -> str:
    """Text that a database can hold."""
    return text[:most].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def tidy(text: str) -> str:
    """Prose: line ends as LF, no control or direction marks, no wide gaps, of a length that people read."""
    clean = prose(sound(text, MOST * 4)) or ""
    clean = re.sub(r"\n{4,}", "\n\n\n", "\n".join(line.rstrip() for line in clean.split("\n"))).strip("\n")
    return clean if len(clean) <= MOST else clean[:MOST] + _CUT


def without_quotes(text: str) -> str:
    """What the sender wrote anew. Empty when there is nothing but quotes."""
    head = text[:_LOOKED_AT]
    if any(len(line) > _LINE for line in head.split("\n") if line.startswith((">", "On ", "Am ", "Le ", "El "))):
        return text
    found = (EmailReplyParser(languages=_LANGUAGES).parse_reply(head) or "").strip()
    found = _SIGNATURE.split(found)[0].strip() or found
    whole = len(found) >= len(head.strip()) - 1
    return text if whole else found


def too_tangled(html: str) -> bool:
    """Elements in elements in elements: reading that takes time by its depth squared, so nobody does."""
    depth = 0
    for closing, name in _TAG.findall(html[:MOST_HTML]):
        if name.lower() not in _SHALLOW:
            depth += -1 if closing else 1
            if depth > _DEEPEST:
                return True
            depth = max(depth, 0)
    return False


def from_html(html: str) -> str:
    """HTML as a person would read it aloud; links with where they lead."""
    if not html.strip():
        return ""
    if too_tangled(html):
        return tidy(" ".join(re.sub(r"<[^<>]{0,2000}>", " ", html[:MOST_HTML]).split()))
    clean = nh3.clean(
        html[:MOST_HTML],
        tags=_READ,
        clean_content_tags=_SILENT,
        attributes={"a": {"href"}, "img": {"alt"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)  # well-formed by now, so this is quick
    reader.close()
    return tidy("".join(reader.said))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._leads_to = ""
        self._from = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in _BLOCKS:
            self.said.append("\n" if tag in ("br", "li", "tr") else "\n\n")
        if tag in ("td", "th"):
            self.said.append("  ")
        if tag == "li":
            self.said.append("- ")
        if tag == "img" and given.get("alt"):
            self.said.append(f"[{given['alt']}]")
        if tag == "a":
            self._leads_to, self._from = given.get("href") or "", len(self.said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._leads_to:
            text = "".join(self.said[self._from :]).strip()
            if self._leads_to.removeprefix("mailto:") != text:
                self.said.append(f" <{self._leads_to}>" if text else self._leads_to)
            self._leads_to = ""
        elif tag in ("p", "div", "table", "blockquote"):
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(re.sub(r"\s+", " ", data))


def as_markdown(text: str) -> str:
    """Plain text so that it reads as it was typed: its lines end where they ended, and no line is a heading."""
    lines = [line.lstrip() if line[:4].isspace() else line for line in text.split("\n")]
    whole = _MARKS.sub(r"\1\\\2", "\n".join(lines))
    return re.sub(r"(?<=\S)\n(?=\S)", "  \n", whole)


_MARKS = re.compile(r"^(\s*)(#{1,6}\s|[-+*]\s*$|=+\s*$|-+\s*$|~~~|```)", re.MULTILINE)
