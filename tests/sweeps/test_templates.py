"""Every template is well-formed and includes only what exists."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from jinja2 import TemplateSyntaxError
from jinja2.meta import find_referenced_templates

ROOT = Path(__file__).resolve().parents[2] / "templates"
#: Named by `ignore missing`, so that a room may be without.
_MAYBE = re.compile(r'\{%-?\s*include\s+"([^"]+)"\s+ignore missing')
_UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false", re.ASCII)
#: Templates that pass HTML through, and whose it is.
TRUSTED = {
    "annotation/stream/_instruction.html": "instructions are such a document",
    "documents/_text.html": "a document's HTML, which documents.rendering makes safe when it is written",
    "discussions/_comment.html": "a comment is such a document too",
    "desk/mail/reply.html": "the same, as it was written and as it is quoted",
}
_JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def _names() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.*"))


def test_every_template_compiles_and_names_only_what_exists(app: Flask) -> None:
    wrong, names = [], set(_names())
    for name in names:
        source = (ROOT / name).read_text()
        try:
            app.jinja_env.get_template(name)
            referenced = set(find_referenced_templates(app.jinja_env.parse(source))) - {None}
        except TemplateSyntaxError as error:
            wrong.append(f"{name}:{error.lineno}: {error.message}")
            continue
        missing = referenced - names - set(_MAYBE.findall(source))
        wrong += [f"{name} names {other}, which is not there" for other in sorted(map(str, missing))]
    assert wrong == []


def test_no_template_lets_html_through_unseen() -> None:
    found = {name for name in _names() if name.endswith(".html") and _UNSAFE.search((ROOT / name).read_text())}
    assert found == set(TRUSTED), "say in TRUSTED where the HTML was made safe"


def test_no_template_breaks_the_content_policy() -> None:
    """No inline style, script or handler, and none of htmx's that evaluate."""
    inline = re.compile(
        r"""<style|<script(?![^>]*\ssrc=)|\sstyle\s*=|\son\w+\s*=|\shx-on|hx-vals=["']js:|hx-trigger="[^"]*\["""
    )
    pages = {name: _JINJA.sub("", (ROOT / name).read_text()) for name in _names() if name.endswith(".html")}
    wrong = [f"{name}: {hit[0]}" for name, text in pages.items() for hit in inline.finditer(text)]
    assert wrong == []
