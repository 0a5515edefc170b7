"""Every sentence can be said in another language: it is marked where it stands, and the reader's language decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from jinja2 import Environment

from app.kernel import words
from tests.world import Person

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: Names, which are the same in every language, and what programs read.
NAMES = {"Trestleboard", "Ctrl", "Esc", "Del", "px", "doctype", "html", "dev", "localhost"}
_CODE = r"<(script|style|svg|code|kbd|pre)\b.*?</\1>"
_ATTRIBUTE = re.compile(
    r"""\b(?:aria-label|title|placeholder|alt|data-confirm(?:-text|-verb)?|data-hotkey-(?:label|group))="([^"]*)\""""
)


def _plain(source: str) -> str:
    """What stands in a template as it is: neither statements nor expressions nor comments, nor what is no language."""
    data = "".join(value for _line, kind, value in Environment().lex(source) if kind == "data")
    return re.sub(_CODE, "", data, flags=re.S)


def _words(text: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"&[a-z]+;", "", text))
        if word not in NAMES and not word.isupper()
    ]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_sentence_is_marked(path: Path) -> None:
    plain = _plain(path.read_text())
    attributes = [word for value in _ATTRIBUTE.findall(plain) for word in _words(value)]
    # Conditions inside of a tag leave their pieces behind: a tag ends where the next one may begin.
    text = re.sub(r"<[^<]*?>", " ", plain)
    text = re.sub(r"[\w-]+=(\"[^\"]*\"|'[^']*')", " ", text)  # attributes that a macro draws
    assert _words(text) == []
    assert attributes == []


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of a few sentences, in place of those that are shipped."""
    catalogue = Catalog(locale="de")
    catalogue.add("Sign in", "Anmelden")
    catalogue.add(("%(num)s person", "%(num)s people"), ("%(num)s Mensch", "%(num)s Menschen"))
    catalogue.add("{actor} deleted {subject}", "{actor} hat {subject} gelöscht")
    path = tmp_path / "de" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    _forget()
    yield
    words.read_in(None)
    _forget()


def _forget() -> None:
    words.languages.cache_clear()
    words._catalogue.cache_clear()


@pytest.mark.usefixtures("german")
class TestAnotherLanguage:
    def test_the_browser_says_which(self, app: Flask) -> None:
        page = app.test_client().get("/sign-in", headers={"Accept-Language": "de-AT,de;q=0.8"}).text
        assert 'lang="de"' in page
        assert "Anmelden" in page
        assert "Password" in page, "what is not translated stands in English"
        assert 'lang="en"' in app.test_client().get("/sign-in", headers={"Accept-Language": "fr"}).text

    def test_a_request_leaves_nothing_to_the_next(self, alice: Person) -> None:
        assert "Anmelden" in alice.app.test_client().get("/sign-in", headers={"Accept-Language": "de"}).text
        assert "Anmelden" not in alice.app.test_client().get("/sign-in").text

    def test_numbers_and_readers(self) -> None:
        with words.reading("de"):
            assert words.ngettext("%(num)s person", "%(num)s people", 1) == "1 Mensch"
            assert words.ngettext("%(num)s person", "%(num)s people", 5) == "5 Menschen"
            assert str(words.lazy("Sign in")) == "Anmelden"
        assert words.ngettext("%(num)s person", "%(num)s people", 5) == "5 people"
        with words.reading("tlh"):
            assert words.gettext("Sign in") == "Sign in"
