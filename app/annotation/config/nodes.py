"""What a label configuration is made of. Everything here is text from people: templates escape it like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Option:
    """A choice or a label. `value` is what results hold (in Label Studio: its alias), `text` what is read."""

    value: str
    text: str
    #: The key that picks it; empty when there are more options than keys.
    hotkey: str = ""
    #: 1 to 8; a configuration's own `background` stands in `colour`, as `#rrggbb`.
    hue: int = 6
    colour: str | None = None
    hint: str = ""
    #: Picked from the beginning.
    selected: bool = False

    @property
    def paint(self) -> int | str:
        """What the look's `dot` takes: a colour or a hue."""
        return self.colour or self.hue


@dataclass(frozen=True)
class Header:
    """A heading. `value` is text, or `$field`."""

    value: str
    #: 1, the largest, to 5.
    size: int = 4


@dataclass(frozen=True)
class TextObject:
    """A text that is labelled. `value` is `$field`, or a fixed text."""

    name: str
    value: str


@dataclass(frozen=True)
class _Asked:
    """What every control has."""

    name: str
    to_name: str
    required: bool = False
    required_message: str = ""


@dataclass(frozen=True)
class Choices(_Asked):
    """Pick one of a few, or several."""

    kind: ClassVar[str] = "choices"
    key: ClassVar[str] = "choices"
    options: tuple[Option, ...] = ()
    multiple: bool = False
    inline: bool = False


@dataclass(frozen=True)
class Labels(_Asked):
    """Mark stretches of the text; each bears one label, or several where `multiple`."""

    kind: ClassVar[str] = "labels"
    key: ClassVar[str] = "labels"
    options: tuple[Option, ...] = ()
    multiple: bool = False
    inline: bool = True


@dataclass(frozen=True)
class TextArea(_Asked):
    """Write something; at most `most` texts."""

    kind: ClassVar[str] = "textarea"
    key: ClassVar[str] = "text"
    rows: int = 1
    most: int = 20
    placeholder: str = ""
    #: What stands there to begin with: text, or `$field`.
    value: str = ""
    #: The key that goes there.
    hotkey: str = ""


@dataclass(frozen=True)
class Rating(_Asked):
    """Give one to `most` stars."""

    kind: ClassVar[str] = "rating"
    key: ClassVar[str] = "rating"
    most: int = 5
    #: One key a star; empty text where keys have run out.
    hotkeys: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A group of things, one below the other."""

    children: tuple[Node, ...] = ()


Control = Choices | Labels | TextArea | Rating
Node = View | Header | TextObject | Choices | Labels | TextArea | Rating


@dataclass(frozen=True)
class LabelConfig:
    """A whole configuration: the view as a tree, and its objects and controls in the order in which they stand."""

    view: View
    objects: tuple[TextObject, ...]
    controls: tuple[Control, ...]

    def control(self, name: str) -> Control | None:
        return next((control for control in self.controls if control.name == name), None)

    def object(self, name: str) -> TextObject | None:
        return next((found for found in self.objects if found.name == name), None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns of the data that the texts to be labelled come from."""
        return tuple(dict.fromkeys(found.value[1:] for found in self.objects if found.value.startswith("$")))
