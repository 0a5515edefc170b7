"""What annotations lose when a configuration changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.annotation.config.nodes import Choices, Control, LabelConfig, Labels, Rating

#: Parts that are told one by one; where more go, whole controls are told.
_MOST = 40


@dataclass(frozen=True)
class Lost:
    """Something that a new configuration does not know. `pattern` is contained in every result that speaks of it."""

    says: str
    pattern: list[dict[str, Any]]


def lost_by(old: LabelConfig, new: LabelConfig) -> list[Lost]:
    """What the old configuration had and the new one has not."""
    found = [lost for control in old.controls for lost in _lost_of(control, old, new)]
    if len(found) <= _MOST:
        return found
    return [_whole(control, "changes") for control in old.controls if _lost_of(control, old, new)][:_MOST]


def _lost_of(was: Control, old: LabelConfig, new: LabelConfig) -> list[Lost]:
    present = new.control(was.name)
    if present is None:
        return [_whole(was, "is no longer asked")]
    if type(present) is not type(was) or present.to_name != was.to_name:
        return [_whole(was, "is something else now")]
    if isinstance(was, Labels):
        before, after = old.object(was.to_name), new.object(was.to_name)
        if before and after and before.value != after.value:
            return [_whole(was, f"marks {after.value} now, not {before.value}")]
    if isinstance(was, Choices | Labels) and isinstance(present, Choices | Labels):
        if was.multiple and not present.multiple:
            return [_whole(was, "takes a single answer now")]
        known = {option.value for option in present.options}
        return [
            Lost(f"“{option.text}” of “{was.name}” is gone", [_entry(was, [option.value])])
            for option in was.options
            if option.value not in known
        ]
    if isinstance(was, Rating) and isinstance(present, Rating):
        return [
            Lost(f"“{was.name}” has no {stars} stars", [_entry(was, stars)])
            for stars in range(present.most + 1, was.most + 1)
        ]
    return []


def _whole(control: Control, says: str) -> Lost:
    return Lost(f"“{control.name}” {says}", [{"from_name": control.name}])


def _entry(control: Control, value: Any) -> dict[str, Any]:
    return {"from_name": control.name, "value": {control.key: value}}
