"""What people read of a change: "changed the state from Todo to Done and added the label Bug"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.events import Bulk, Field, Noun, event_named, noun_named
from app.kernel.words import gettext as _
from app.kernel.words import lazy

#: {(noun, field): {value: words}}
Words = Mapping[tuple[str, str], Mapping[Any, str]]
#: What stood for a value whose row is gone.
_GONE = lazy("something since deleted")
_LONGEST = 120


@dataclass(frozen=True)
class Told:
    """A change in words, without its actor. `versions` are those of a long text that changed, to compare."""

    text: str
    versions: tuple[int, int] | None = None


def look_up(changes: Iterable[tuple[str, Mapping[str, Any]]]) -> Words:
    """Words for every value of these changes (noun, fields): one statement a field that needs any."""
    values: dict[tuple[str, str], set[Any]] = {}
    for noun, fields in changes:
        known = noun_named(noun).fields
        for name, pair in fields.items():
            if name in known and known[name].read:
                values.setdefault((noun, name), set()).update(_flat(pair))
    found = {}
    for (noun, name), wanted in values.items():
        read = noun_named(noun).fields[name].read
        found[noun, name] = read(wanted) if read and wanted else {}
    return found


def tell(
    noun: Noun, verb: str, fields: Mapping[str, Any], words: Words, payload: Mapping[str, Any], subject: str
) -> Told | None:
    """What one activity did to one noun. None when nothing of it is for people: a text edited again in one sitting."""
    shown = {name: pair for name, pair in fields.items() if name in noun.fields}
    if _is_whole(verb) or not shown:
        hidden = fields and event_named(verb).bulk is not Bulk.ONE_NOTIFICATION
        return None if hidden else Told(sentence(verb, payload, subject))
    parts, versions = [], None
    for name, (old, new) in shown.items():
        field = noun.fields[name]
        if field.silent:
            if old != new:
                parts.append(_("changed the %(field)s", field=_(field.label)))
                versions = (old, new) if isinstance(old, int) and isinstance(new, int) else None
        else:
            parts.extend(_difference(field, words.get((noun.name, name)), old, new))
    again = " " + _("(undo)") if verb.endswith(".undone") else ""
    return Told(_joined(parts) + again, versions) if parts else None


def sentence(verb: str, payload: Mapping[str, Any], subject: str) -> str:
    """An event's own sentence, without its actor."""
    said = _(event_named(verb).says)
    return said.format_map(_Payload(payload, subject)).strip()


def anchor_of(payload: Mapping[str, Any]) -> str:
    """The place on the noun's page where it happened (`#comment-12`), for the end of its address; empty for none."""
    return f"#{payload['anchor']}" if "anchor" in payload else ""


class _Payload(dict[str, Any]):
    """The keys of a sentence; one that an old activity does not have is left out."""

    def __init__(self, payload: Mapping[str, Any], subject: str) -> None:
        super().__init__({**payload, "actor": "", "subject": subject})

    def __missing__(self, key: str) -> str:
        return ""


def _is_whole(verb: str) -> bool:
    """Whether it happened to the noun as a whole: what it began with, say, is no change of it."""
    return verb.endswith((".created", ".deleted", ".restored"))


def _difference(field: Field, words: Mapping[Any, str] | None, old: Any, new: Any) -> Iterable[str]:
    label = _(field.label)
    if isinstance(old, list) or isinstance(new, list):
        before, after = old or [], new or []
        came = sorted(_word(words, one) for one in after if one not in before)
        went = sorted(_word(words, one) for one in before if one not in after)
        if came:
            yield _("added %(what)s to the %(field)s", what=_joined(came), field=label)
        if went:
            yield _("removed %(what)s from the %(field)s", what=_joined(went), field=label)
    elif old in (None, ""):
        yield _("set the %(field)s to %(new)s", field=label, new=_word(words, new))
    elif new in (None, ""):
        yield _("removed the %(field)s %(old)s", field=label, old=_word(words, old))
    elif old != new:
        yield _(
            "changed the %(field)s from %(old)s to %(new)s",
            field=label,
            old=_word(words, old),
            new=_word(words, new),
        )


def _word(words: Mapping[Any, str] | None, value: Any) -> str:
    if words is not None:
        return str(words.get(value, _GONE))
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(several)s and %(last)s", several=", ".join(parts[:-1]), last=parts[-1])


def _flat(pair: Iterable[Any]) -> Iterable[Any]:
    for value in pair:
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value
