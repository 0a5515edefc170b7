"""A mail's HTML, which is hostile, as a page for a sandboxed frame. Three walls: cleaning, its own CSP, the sandbox.

Nothing of it runs, submits, or asks anybody for anything, unless the reader wants the images that lie elsewhere.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from urllib.parse import unquote

import nh3
from flask import Response

from app.adapters import files
from app.mailboxes.models import IncomingMail
from app.mailboxes.parsing import Unreadable, parse_mail
from app.mailboxes.parsing.texts import MOST_HTML, too_tangled

_words = re.compile(r"[a-z0-9-]+").findall

_TAGS = frozenset(
    _words(
        "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del "
        "details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li "
        "main mark ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody "
        "td tfoot th thead time tr tt u ul var wbr"
    )
)
_GONE = frozenset(_words("script style title head template noscript svg math iframe object embed form select textarea"))
_ATTRIBUTES = {
    "*": {"align", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"alt", "src"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
#: No position, no z-index, no content: a mail stays in its frame and covers nothing. No value may hold `url(`.
_STYLES = frozenset(
    _words(
        "background background-color border border-bottom border-collapse border-color border-left border- "
        "radius border-right border-spacing border-style border-top border-width color direction display font "
        "font-family font-size font-style font-variant font-weight height letter-spacing line-height list- "
        "style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height "
        "min-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration "
        "text-indent text-transform vertical-align white-space width word-break word-spacing"
    )
)
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
#: Bytes of the pictures that come with a mail and are shown in it: each, and all.
_LARGE, _MOST = 3 * 2**20, 8 * 2**20
#: A grey square of one pixel, for an image that was not asked for.
_BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_REMOTE = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_RGB = re.compile(r"\brgba?\([\d\s.,%]*\)", re.IGNORECASE)
_SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox"


def sanitise_mail(html: str, *, images: bool, inline: Mapping[str, str] | None = None) -> str:
    """The HTML without anything that acts. Images that lie elsewhere become placeholders unless `images`.

    `inline` says what `cid:` addresses show: `{content id: data: address}`, as `inline_images` reads them.
    """
    if too_tangled(html):
        return "<p>This mail is too tangled to be shown as its sender meant it.</p>"
    shown = inline or {}

    def decide(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return _image(value.strip(), images, shown)
        if tag == "a" and name == "href":
            return value if _LINK.match(value.strip()) else None
        if name == "style":
            return ";".join(each for each in value.split(";") if "\\" not in each and "(" not in _RGB.sub("", each))
        return value

    return nh3.clean(
        html[:MOST_HTML],
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=decide,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
        filter_style_properties=set(_STYLES),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def has_remote_images(html: str) -> bool:
    """Whether there is anything to ask for."""
    return sanitise_mail(html, images=True) != sanitise_mail(html, images=False)


def mail_page(html: str, *, images: bool, inline: Mapping[str, str] | None = None) -> Response:
    """The page that stands in the frame. Its policy is its own: no script, no form, and nobody else's server."""
    body = sanitise_mail(html, images=images, inline=inline)
    page = Response(
        "<!doctype html><html><head><meta charset=utf-8><meta name=referrer content=no-referrer>"
        "<title>Mail</title><style>body{margin:0;font:14px/1.5 system-ui,sans-serif;color:#1b1b1f;background:#fff;"
        "overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}</style>"
        f"</head><body>{body}</body></html>",
        mimetype="text/html",
    )
    sources = "data: https: http:" if images else "data:"
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {sources}; form-action 'none'; base-uri 'none';"
        f" frame-ancestors 'self'; {_SANDBOX}"
    )
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    page.headers["Cache-Control"] = "no-store"
    return page


def inline_images(mail: IncomingMail | None) -> dict[str, str]:
    """The pictures that came with a mail, by content id, as `data:` addresses. Empty when the raw mail is gone.

    By their first bytes, not by what they claim: what is no PNG, JPEG, GIF or WebP is not among them.
    """
    if mail is None or mail.file is None:
        return {}
    try:
        with files.open_file(mail.file) as file:
            parts = parse_mail(file.read()).parts
    except (FileNotFoundError, Unreadable):
        return {}
    left, found = _MOST, dict[str, str]()
    for part in parts:
        kind = _kind(part.content)
        if part.content_id and kind and len(part.content) <= min(_LARGE, left):
            left -= len(part.content)
            found[part.content_id] = f"data:{kind};base64,{base64.b64encode(part.content).decode()}"
    return found


def _kind(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _PICTURES.items() if content.startswith(start)), None)


def _image(source: str, images: bool, inline: Mapping[str, str]) -> str:
    if source[:4].lower() == "cid:":
        return inline.get(unquote(source[4:]).strip("<>"), _BLANK)
    if _DATA.fullmatch(source) or (images and _REMOTE.fullmatch(source)):
        return source
    return _BLANK
