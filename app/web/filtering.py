"""Narrowing a list by fields: what an address says of it, and the addresses of the same list by other fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

#: Oneself, and nobody, where a field holds people.
ME, NOBODY = "@me", "nobody"
#: Characters of text that are looked for; what is longer is cut.
LONGEST = 200
#: Values of one field that are looked at; nobody chooses more by hand.
_MOST = 50

#: The values that were asked for -> the words for those that mean something here.
Known = Callable[[list[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Filter:
    """What was chosen. Values of one field widen it, fields narrow each other."""

    #: The fields one can choose by, in the order in which they are offered: the key of the address, and its name.
    FIELDS: ClassVar[Mapping[str, str]] = {}

    text: str = ""
    #: {field: values as the address writes them}; only values that mean something here.
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: {(field, value): the words for it}
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: Values of the address that mean nothing here. They are left out, and the page says so.
    ignored: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen)

    def values(self, name: str) -> tuple[str, ...]:
        return self.chosen.get(name, ())

    def toggled(self, name: str, value: str) -> Self:
        """With a value more, or without it if it was chosen."""
        now = self.values(name)
        return self._with(name, tuple(one for one in now if one != value) if value in now else (*now, value))

    def without(self, name: str) -> Self:
        """Without any value of a field, or without the text (`q`)."""
        return replace(self, text="") if name == "q" else self._with(name, ())

    def _with(self, name: str, values: tuple[str, ...]) -> Self:
        chosen = {**self.chosen, name: values}
        return replace(self, chosen={key: chosen[key] for key in self.FIELDS if chosen.get(key)})

    @property
    def query(self) -> str:
        """As the query of an address, without the question mark."""
        pairs = [("q", self.text)] if self.text else []
        return urlencode(pairs + [(name, value) for name, values in self.chosen.items() for value in values], safe="@")

    def said(self, name: str) -> str:
        """The chosen values of a field in words: "Anna, Bob, +4"."""
        words = [self.words.get((name, value), value) for value in self.values(name)]
        return ", ".join(words[:2]) + (f", +{len(words) - 2}" if len(words) > 2 else "")

    @classmethod
    def read(cls, args: Any, known: Mapping[str, Known]) -> Self:
        """The filter that an address (`args`, a MultiDict) asks for. `known` is asked once for each field in it.

        Never raises: what means nothing here, be it misspelt, deleted or of elsewhere, is named in `ignored`.
        """
        chosen: dict[str, tuple[str, ...]] = {}
        words: dict[tuple[str, str], str] = {}
        ignored: list[str] = []
        for name in cls.FIELDS:
            asked = list(dict.fromkeys(value for value in args.getlist(name) if value))[:_MOST]
            found = known[name](asked) if asked else {}
            if values := tuple(value for value in asked if value in found):
                chosen[name] = values
            words.update({(name, value): str(said) for value, said in found.items()})
            ignored.extend(value for value in asked if value not in found)
        text = " ".join(args.get("q", "").replace("\0", "").split())[:LONGEST]
        return cls(text=text, chosen=chosen, words=words, ignored=tuple(value[:40] for value in ignored))


def whole_numbers(values: Sequence[str]) -> list[int]:
    """Those of these values that are ids."""
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 10]
