"""From text to elements, and problems with their lines.

The parser is expat with everything switched off that an attacker could use: a DOCTYPE, an entity or a processing
instruction ends it at once, and size, depth, elements and attributes have limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.parsers import expat

from app.web.forms import one_line

#: Characters of a configuration, of an attribute; elements; how deep they nest.
MOST, ATTRIBUTE_MOST, ELEMENTS_MOST, DEPTH_MOST = 100_000, 2_000, 2_000, 30


class Severity(StrEnum):
    ERROR = "error"  # cannot be saved
    WARNING = "warning"  # will not do what it says here


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: line and column count from 1."""

    line: int
    column: int
    message: str
    severity: Severity = Severity.ERROR


class Broken(Exception):
    """A configuration that cannot be used; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


@dataclass
class Element:
    """A tag as it was read. Names of tags and attributes are in lower case, as Label Studio takes them."""

    tag: str
    written: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list[Element] = field(default_factory=list)


def read(xml: str) -> Element:
    """The elements of a text. Raises Broken, with one problem, for what is no XML or is more than XML."""
    if len(xml) > MOST:
        raise Broken([Problem(1, 1, f"The configuration has {len(xml):,} characters; at most {MOST:,} fit.")])
    if not xml.strip():
        raise Broken([Problem(1, 1, "The configuration is empty. It begins with <View>.")])
    try:
        encoded = xml.encode()
    except UnicodeEncodeError:
        raise Broken([Problem(1, 1, "The configuration holds characters that are no Unicode text.")]) from None
    return _Reader().read(encoded)


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.count = 0
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse("A DOCTYPE is not allowed here. Take the line out.")
        self.parser.EntityDeclHandler = self._refuse("Entities are not allowed here. Take the declaration out.")
        self.parser.ProcessingInstructionHandler = self._refuse("Instructions (<? … ?>) are not allowed here.")
        self.parser.ExternalEntityRefHandler = self._refuse("External entities are not allowed here.")

    def read(self, encoded: bytes) -> Element:
        try:
            self.parser.Parse(encoded, True)
        except expat.ExpatError as error:
            says = expat.ErrorString(error.code)
            raise Broken([Problem(error.lineno, error.offset + 1, f"This is no XML: {says}.")]) from None
        if self.root is None:
            raise Broken([Problem(1, 1, "The configuration is empty. It begins with <View>.")])
        return self.root

    def _refuse(self, message: str) -> Callable[..., Any]:
        def refuse(*_: object) -> None:
            raise Broken([self._here(message)])

        return refuse

    def _here(self, message: str) -> Problem:
        return Problem(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1, message)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > ELEMENTS_MOST:
            raise Broken([self._here(f"There are more than {ELEMENTS_MOST:,} tags. Use fewer.")])
        if len(self.stack) >= DEPTH_MOST:
            raise Broken([self._here(f"Tags are nested more than {DEPTH_MOST} deep. Use fewer levels.")])
        for name, value in attributes.items():
            if len(value) > ATTRIBUTE_MOST:
                raise Broken(
                    [self._here(f"{name[:40]} has {len(value):,} characters; at most {ATTRIBUTE_MOST:,} fit.")]
                )
        lower = {name.lower(): one_line(value) or "" for name, value in attributes.items()}
        place = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        element = Element(tag.lower()[:60], tag[:60], lower, *place)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def _end(self, tag: str) -> None:
        self.stack.pop()
