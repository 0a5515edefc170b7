"""What people are told of, as they choose channels for it. Rooms above add kinds for what happens to their nouns.

    kinds.add_kind("tickets", lazy("A ticket that I follow"), nouns=("ticket",))

Being assigned or mentioned weighs more than any of these, and is chosen by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.inbox.models import Channel, Reason
from app.kernel.words import lazy

#: What is usual where nobody has chosen. Texts are asked for, never sent by themselves.
_DEFAULTS = frozenset({Channel.INBOX, Channel.MAIL})
#: Who registers a device wants to be told there of what is meant for them.
_MEANT = _DEFAULTS | {Channel.PUSH}


@dataclass(frozen=True)
class Kind:
    """A row of the matrix. `nouns` and `topics` say which activities that one merely watches are of it."""

    key: str
    label: Any
    nouns: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    defaults: frozenset[Channel] = _DEFAULTS


_kinds: dict[str, Kind] = {}


def add_kind(
    key: str,
    label: Any,
    *,
    nouns: Collection[str] = (),
    topics: Collection[str] = (),
    defaults: Collection[Channel] = _DEFAULTS,
) -> None:
    """Let people choose channels for something. `label` is `lazy(…)`. Registering again replaces."""
    _kinds[key] = Kind(key, label, frozenset(nouns), frozenset(topics), frozenset(defaults))


def all_kinds() -> list[Kind]:
    """In the order of the matrix; what is watched otherwise comes last."""
    rest = _kinds[Reason.WATCHING]
    return [*(kind for kind in _kinds.values() if kind is not rest), rest]


def kind_named(key: str) -> Kind:
    """What a kind is that nobody registers any more is as if it were merely watched."""
    return _kinds.get(key) or _kinds[Reason.WATCHING]


def kind_of(reason: Reason, noun: str, topic: str) -> str:
    """The kind of a notification: its reason, or for what is watched its noun, then its topic."""
    if reason is not Reason.WATCHING:
        return reason.value
    by_noun = (kind.key for kind in _kinds.values() if noun in kind.nouns)
    by_topic = (kind.key for kind in _kinds.values() if topic in kind.topics)
    return next(by_noun, next(by_topic, Reason.WATCHING.value))


add_kind(Reason.ASSIGNED, lazy("I am assigned"), defaults=_MEANT)
add_kind(Reason.MENTIONED, lazy("Somebody mentions me"), defaults=_MEANT)
add_kind("commented", lazy("A comment on what I watch"), topics=("commented",))
add_kind(Reason.WATCHING, lazy("Another change of what I watch"))
