"""What a page needs to draw a task by its configuration: every text in pieces, every control with its answer.

All of it is text from people. Templates escape it; nothing here is markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from app.annotation.config import (
    Choices,
    Control,
    Header,
    LabelConfig,
    Labels,
    Node,
    Option,
    Rating,
    TextArea,
    TextObject,
    View,
    shown_text,
)

_KINDS: dict[type, str] = {
    View: "view",
    Header: "header",
    TextObject: "text",
    Choices: "choices",
    Labels: "labels",
    TextArea: "textarea",
    Rating: "rating",
}


@dataclass(frozen=True)
class Region:
    """A marked stretch of a text."""

    id: str
    start: int
    end: int
    text: str
    options: tuple[Option, ...]

    @property
    def says(self) -> str:
        return ", ".join(option.text for option in self.options)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text in which no region begins or ends."""

    text: str
    #: The regions over it, the shortest last: that one gives the colour.
    regions: tuple[Region, ...] = ()
    #: Names of the regions that end with it.
    says: str = ""


@dataclass(frozen=True)
class Canvas:
    """A task as it is drawn. `result` is what stands at the beginning."""

    config: LabelConfig
    data: Mapping[str, Any]
    result: Sequence[Mapping[str, Any]] = ()
    #: Nothing said so far: options that are picked from the beginning are.
    fresh: bool = False
    #: Only to be looked at.
    still: bool = False

    def kind(self, node: Node) -> str:
        return _KINDS[type(node)]

    def words(self, value: str) -> str:
        """What `value` shows: a column's text, or itself."""
        return shown_text(value, self.data)

    def answer(self, control: Control) -> Mapping[str, Any]:
        """The value of what was answered to a control, or nothing."""
        return next((entry["value"] for entry in self.result if entry["from_name"] == control.name), {})

    def picked(self, control: Choices, option: Option) -> bool:
        if self.fresh:
            return option.selected
        return option.value in self.answer(control).get("choices", ())

    def texts(self, control: TextArea) -> list[str]:
        """What was written, at least one text, be it empty."""
        written = list(self.answer(control).get("text", ()))
        return written or [self.words(control.value) if self.fresh and control.value else ""]

    def stars(self, control: Rating) -> int:
        return int(self.answer(control).get("rating", 0))

    def regions(self, target: TextObject) -> list[Region]:
        """What is marked in a text, in the order of its places."""
        about = {c.name: c for c in self.config.controls if isinstance(c, Labels) and c.to_name == target.name}
        found = []
        for entry in self.result:
            if (control := about.get(entry["from_name"])) is None:
                continue
            value, known = entry["value"], {option.value: option for option in control.options}
            options = tuple(known[label] for label in value["labels"] if label in known)
            found.append(Region(entry["id"], value["start"], value["end"], value.get("text", ""), options))
        return sorted(found, key=lambda region: (region.start, region.end, region.id))

    @property
    def all_regions(self) -> list[Region]:
        return [region for target in self.config.objects for region in self.regions(target)]

    def pieces(self, target: TextObject) -> list[Piece]:
        """A text cut at the ends of its regions."""
        text, regions = self.words(target.value), self.regions(target)
        units = text.encode("utf-16-le", "surrogatepass")
        last = len(units) // 2
        edges = sorted({0, last, *(min(edge, last) for one in regions for edge in (one.start, one.end))})
        made = []
        for start, end in pairwise(edges):
            over = sorted((one for one in regions if one.start <= start and one.end >= end), key=_longest_first)
            said = ", ".join(one.says for one in over if one.end == end)
            made.append(Piece(units[start * 2 : end * 2].decode("utf-16-le", "replace"), tuple(over), said))
        return made

    @cached_property
    def described(self) -> str:
        """What the page's module needs of the configuration, as JSON."""
        return json.dumps(
            {
                "controls": [self._described(control) for control in self.config.controls],
                "result": list(self.result),
            },
            ensure_ascii=False,
        )

    def _described(self, control: Control) -> dict[str, Any]:
        told: dict[str, Any] = {"name": control.name, "to": control.to_name, "type": control.kind}
        if isinstance(control, Labels):
            told["multiple"] = control.multiple
            told["options"] = [
                {"value": option.value, "text": option.text, "hue": option.hue, "colour": option.colour}
                for option in control.options
            ]
        return told


def _longest_first(region: Region) -> tuple[int, str]:
    return region.start - region.end, region.id
