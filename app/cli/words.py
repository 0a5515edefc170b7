"""`make words`: every marked sentence of the program, and the catalogues of the languages brought up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.factory import rooms
from app.kernel.events import registered_words
from app.kernel.words import FOLDER

_ROOT = FOLDER.parents[1]
#: Names that mark a sentence, and which of their arguments are one.
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
_METHODS = {"app": [("**.py", "python")], "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")]}


def words(arguments: list[str]) -> int:
    """Write `messages.pot`, bring each `messages.po` up to date with it, and compile them. `words de` begins German."""
    found = collect()
    with (FOLDER / "messages.pot").open("wb") as file:
        write_po(file, found, sort_output=True, omit_header=True)
    for code in arguments:
        try:
            Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            print(f"{code!r} is no language that is known: give a code such as de or pt_BR.", file=sys.stderr)
            return 1
        _catalogue(code).parent.mkdir(parents=True, exist_ok=True)
        if not _catalogue(code).exists():
            with _catalogue(code).open("wb") as file:
                write_po(file, Catalog(locale=code, project="Trestleboard"))
    print(f"{len(found):,} sentences")
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        print(_update(path, found))
    return 0


def collect() -> Catalog:
    """Every marked sentence of the program, and those that rooms register: what events say, what fields are called."""
    found = Catalog(project="Trestleboard")
    for folder, methods in _METHODS.items():
        for name, line, message, _comments, _context in extract_from_dir(_ROOT / folder, methods, keywords=KEYWORDS):
            found.add(message, locations=[(f"{folder}/{name}", line)])
    rooms()
    for sentence in registered_words():
        found.add(sentence)
    return found


def _catalogue(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


def _update(path: Path, found: Catalog) -> str:
    code = path.parts[-3]
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    catalogue.update(found)
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    done = sum(bool(message.string) for message in catalogue if message.id)
    return f"{code}: {done:,} of {len(catalogue):,} translated"
