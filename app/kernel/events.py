"""What can happen to a noun, and the nouns themselves: the registry that people's choices at run time are served from.

If you know the noun while typing, import its command from its room; the registry is for automation, search, links,
notifications and the palette, where a person picks the noun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from app.kernel.errors import NotFound


class Bulk(StrEnum):
    """What one command over many nouns does to those who listen."""

    ONE_NOTIFICATION = "one_notification"  # one a person, which counts the rest
    ONLY_NAMED = "only_named"  # the same, but only to those whom its changes newly name; those who watch hear nothing
    SILENT = "silent"  # recorded, told to nobody


@dataclass(frozen=True)
class Event:
    """Something that happened, in the past tense: `issue.closed`.

    `says` is the sentence that a person reads; `{actor}`, `{subject}` and keys of the payload are filled in.
    `topics` are the reasons for which a watcher may want to hear of it (`assigned`, `mentioned`, `changed`…).
    """

    name: str
    says: str
    bulk: Bulk
    topic: str = "changed"


@dataclass(frozen=True)
class Field:
    """How a field of a noun reads in histories: its name, and how a stored value becomes words.

    `read(values) -> {value: words}` gets all values of a page at once, so that a history costs one statement a field.
    """

    label: str
    read: Callable[[set[Any]], Mapping[Any, str]] | None = None
    #: Long text: the sentence only says that it changed.
    silent: bool = False


@dataclass(frozen=True)
class Action:
    """Something one can do to a noun: shown by palette and menus, run by automation."""

    permission: str
    command: Callable[..., Any]


@dataclass(frozen=True)
class Noun:
    """One kind of thing people work with, registered once by its room."""

    name: str
    model: type
    icon: str
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    #: member -> SQL clause: the only visibility rule of this noun.
    visible: Callable[[Any], ColumnElement[bool]]
    #: row -> keys that say who may find it (`search.audiences`): never fewer than see it, seldom many more.
    audience: Callable[[Any], Sequence[str]] = field(default=lambda row: ())
    #: row -> texts that search reads besides its title: the first weighs most. Its `document_id` and what is said about
    #: it are read too. A noun without it is not searched.
    text: Callable[[Any], Sequence[str]] | None = None
    #: What many of them are called, as a heading.
    plural: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    #: row -> live topics that its pages and lists follow, the widest first.
    topics: Callable[[Any], Sequence[str]] = field(default=lambda row: ())
    #: row -> the members whom a text about it can name. A noun without it is not discussed.
    readers: Callable[[Any], Sequence[Any]] | None = None
    #: rows are loaded with these options when history, inbox or search show them.
    load: Sequence[Any] = ()


_nouns: dict[str, Noun] = {}
_events: dict[str, Event] = {}
_actions: dict[str, list[Action]] = {}


def register(
    noun: Noun, *, events: Sequence[Event] = (), actions: Sequence[tuple[str, Callable[..., Any]]] = ()
) -> Noun:
    """Make a noun known, with its events and actions. Registering again replaces (tests build many apps)."""
    _nouns[noun.name] = noun
    _actions[noun.name] = [Action(str(permission), command) for permission, command in actions]
    for event in events:
        register_event(event)
    return noun


def register_event(event: Event) -> None:
    """Make an event known that belongs to no noun of its own."""
    _events[event.name] = event


def registered_words() -> list[str]:
    """Everything that people read of events and fields, for those who translate it."""
    said = {event.says for event in _events.values()}
    return sorted(said | {field.label for noun in _nouns.values() for field in noun.fields.values()})


def noun_of(row: Any) -> Noun:
    """The noun a row is one of. Raises LookupError for a row whose room has not registered it."""
    for noun in _nouns.values():
        if isinstance(row, noun.model):
            return noun
    raise LookupError(f"{type(row).__name__} is not a registered noun")


def noun_named(name: str) -> Noun:
    """Raises NotFound for a name nobody registered: names come from addresses and forms."""
    try:
        return _nouns[name]
    except KeyError:
        raise NotFound from None


def event_named(name: str) -> Event:
    """Raises LookupError for an event nobody registered."""
    return _events[name]


def all_nouns() -> Sequence[Noun]:
    return list(_nouns.values())


def searched_nouns() -> Sequence[Noun]:
    """Those that search knows."""
    return [noun for noun in _nouns.values() if noun.text is not None]


def actions_of(noun: str) -> Sequence[Action]:
    return _actions.get(noun, ())
