"""What can be discussed, as addresses name it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.kernel.errors import NotFound
from app.kernel.events import noun_named, noun_of
from app.kernel.sight import row_named
from app.organizations.models import Member

#: People that are offered behind an `@`.
OFFERED = 8


def subject_named(member: Member, noun: str, subject_id: int) -> Any:
    """A noun that can be discussed and that the member sees, by its kind and id. Raises NotFound."""
    if not noun_named(noun).readers:
        raise NotFound
    return row_named(member, noun, subject_id)


def readers_like(subject: Any, begun: str) -> Sequence[Member]:
    """Whom a text about it can name, of those with a name or a part of it that begins like this; the closest first."""
    readers, wanted = noun_of(subject).readers, " ".join(begun.split()).casefold()
    ranked = []
    for member in readers(subject) if readers else ():
        name = member.name.casefold()
        if name.startswith(wanted):
            ranked.append((0, name, member.id, member))
        elif f" {wanted}" in name:
            ranked.append((1, name, member.id, member))
    return [member for *_, member in sorted(ranked, key=lambda found: found[:3])[:OFFERED]]
