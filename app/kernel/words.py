"""Words that people read: marked in the code, so that a language can take their place.

`_("The file %(name)s is empty.", name=name)` gives the sentence in the language of whoever reads it. What is written
down in one place and read in another (labels of forms, meanings of roles) is `lazy(…)`. Catalogues stand in
`app/translations/`; without one the sentences are said as they stand in the code, in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations

FOLDER = Path(__file__).parents[1] / "translations"
SOURCE = "en"

_reading: ContextVar[str] = ContextVar("language", default=SOURCE)


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be chosen: the one of the code, and each that has a compiled catalogue."""
    found = {path.parts[-3] for path in FOLDER.glob("*/LC_MESSAGES/messages.mo")}
    return (SOURCE, *sorted(found - {SOURCE}))


def language() -> str:
    """What is being read now."""
    return _reading.get()


def read_in(code: str | None) -> None:
    """Say what follows in this request or job in another language; an unknown one is English."""
    _reading.set(code if code in languages() else SOURCE)


@contextmanager
def reading(code: str | None) -> Iterator[None]:
    """A part for another reader: each mail is in the language of its recipient."""
    before = _reading.set(code if code in languages() else SOURCE)
    try:
        yield
    finally:
        _reading.reset(before)


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(FOLDER, [code])


def gettext(message: str, **values: Any) -> str:
    """A sentence in the reader's language, with its values (`%(name)s`) put in when there are any."""
    said = message if (code := _reading.get()) == SOURCE else _catalogue(code).ugettext(message)
    return said % values if values else said


def by_number(one: str, many: str, num: int) -> str:
    """The form of a sentence that fits a number of things, its values not yet put in."""
    if (code := _reading.get()) == SOURCE:
        return one if num == 1 else many
    return _catalogue(code).ungettext(one, many, num)


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """A sentence about a number of things, `%(num)s` in it."""
    return by_number(one, many, num) % {"num": num, **values}


def lazy(message: str, **values: Any) -> Any:
    """A sentence that is put into words each time it is read."""
    return LazyProxy(gettext, message, enable_cache=False, **values)
