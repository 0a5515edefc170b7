"""Markdown that wants to run, in a real browser that no content policy restrains: only plain marks come out."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

from app.documents.rendering import render

_TOLD = r"""
<script>alert(1)</script>
<svg/onload=alert(1)>
<img src=x onerror=alert(1)>
[a](javascript:alert(1))
[a](java&Tab;script:alert(1))
[a](&#x6A;avascript:alert(1))
[a](javascript&colon;alert(1))
[a](<javascript:alert(1)>)
[a](data:text/html,<script>alert(1)</script>)
[a](vbscript:x)
[a](http://x "x' onclick='alert(1)")
<javascript:alert(1)>
![" onmouseover="alert(1)](http://x)
![<img src=x onerror=alert(1)>](http://x" onerror="alert(1))
<http://x/"onclick=alert(1)>
http://x"onmouseover=alert(1)
http://x&quot;onmouseover=alert(1)
`<img src=x onerror=alert(1)>`
&lt;script&gt;alert(1)
<!--><img src=x onerror=alert(1)>-->
<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>
<base href=//evil>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<a hx-get=/x hx-trigger=load>x</a>
<div hx-on:load=alert(1)>
<hx-partial hx-target=body><b>x</b></hx-partial>
<iframe srcdoc="<script>alert(1)</script>">
<form><button formaction=javascript:x>
@Eve"><img src=x onerror=alert(1)>
[x](x-javascript:alert(1))
<meta http-equiv=refresh content="0;url=javascript:x">
"""
_PIECES = (
    "<",
    ">",
    '"',
    "'",
    "`",
    "[",
    "]",
    "(",
    ")",
    "!",
    "\\",
    "&",
    "|",
    "#",
    "*",
    "_",
    "~~",
    "```",
    "~~~",
    "@Bob",
    "@Eve",
    "&#x22;",
    "&quot;",
    "&lt;",
    "javascript:",
    "data:",
    "http://x",
    "https://",
    "<img ",
    "onerror=alert(1)",
    "</",
    "<!--",
    "-->",
    "<svg/",
    "<a ",
    "style=",
    "onclick=alert(1) ",
    "|---|",
    "- ",
    "1. ",
    "> ",
    "[x] ",
    '"><img/src=x/onerror=x>',
)
_SPACES = (" ", "\n", "\n\n", "    ", "\u2028", "\x0c")
_READERS: Any = [
    SimpleNamespace(id=1, name="Bob"),
    SimpleNamespace(id=2, name='Eve"><img src=x onerror=alert(1)>'),
    SimpleNamespace(id=3, name="<script>alert(1)</script>"),
    SimpleNamespace(id=4, name="Mal' onclick='alert(1)"),
]
#: What is not of these is a hit: [what, the element].
_HITS = """texts => {
  const may = {P: [], BR: [], HR: [], H3: [], H4: [], H5: [], H6: [], STRONG: [], EM: [], S: [], PRE: [], UL: [],
    LI: [], BLOCKQUOTE: [], TABLE: [], THEAD: [], TBODY: [], TR: [], OL: ['start'], TH: ['align'], TD: ['align'],
    CODE: ['class'], A: ['href', 'title', 'rel'], SPAN: ['class', 'data-member', 'role', 'aria-label']};
  const hits = [], schemes = ['http:', 'https:', 'mailto:'];
  for (const text of texts) {
    const room = document.body.appendChild(document.createElement('div'));
    room.innerHTML = text;
    for (const one of room.querySelectorAll('*')) {
      if (!may[one.tagName]) hits.push(['tag', one.outerHTML]);
      for (const { name } of one.attributes) if (!may[one.tagName]?.includes(name)) hits.push([name, one.outerHTML]);
      if (one.href && !schemes.includes(one.protocol)) hits.push([one.protocol, one.outerHTML]);
      if (one.tagName === 'A' && one.rel !== 'noopener nofollow') hits.push(['rel', one.outerHTML]);
    }
    room.remove();
  }
  return hits;
}"""


def _texts() -> list[str]:
    """What is told of elsewhere, and two thousand more of the same pieces, the same in every run."""
    dice = random.Random(1066)
    thrown = ["".join(dice.choices((*_PIECES, *_SPACES), k=dice.randint(3, 24))) for _ in range(2000)]
    return [*_TOLD.splitlines(), _TOLD, *("@" + reader.name for reader in _READERS), *thrown]


def test_nothing_runs_in_a_browser_without_a_policy(browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
    page.goto("http://trestle.test/")
    assert page.evaluate(_HITS, ["<p onclick=x>", "<svg></svg>"]) != [], "the sieve holds something"
    page.on("request", lambda request: asked.append(request.url))
    shown = [render(text, _READERS).html for text in _texts()]
    assert page.evaluate(_HITS, shown) == []
    page.set_content("<!doctype html>" + "".join(f"<div>{html}</div>" for html in shown[:60]))
    page.wait_for_timeout(200)
    assert asked == []
    page.close()
