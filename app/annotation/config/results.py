"""Whether an annotation fits a configuration and a task.

A result is Label Studio's: a list of `{id, from_name, to_name, type, value}`, one for each region and each answer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from app.annotation.config.nodes import Choices, Control, LabelConfig, Labels, Rating, TextArea
from app.annotation.config.spans import cut, shown_text

#: Entries of a result, its bytes as JSON, characters of one written text, complaints that are listed.
ENTRIES_MOST, BYTES_MOST, TEXT_MOST, COMPLAINTS_MOST = 2_000, 1_000_000, 20_000, 20
_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
_NEEDED = frozenset({"id", "from_name", "to_name", "type", "value"})
_KNOWN = _NEEDED | {"origin"}
_ORIGINS = ("manual", "prediction", "prediction-changed")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def check_result(config: LabelConfig, result: Any, data: Mapping[str, Any], *, complete: bool = True) -> list[str]:
    """Sentences about what is wrong; none when all is well. A draft need not be `complete`: answers may be missing."""
    if not isinstance(result, list) or not all(isinstance(entry, dict) for entry in result):
        return ["A result is a list of objects."]
    if len(result) > ENTRIES_MOST:
        return [f"The result has {len(result):,} entries; at most {ENTRIES_MOST:,} fit."]
    if _size(result) > BYTES_MOST:
        return [f"The result is larger than {BYTES_MOST // 1_000_000} MB."]
    found: list[str] = []
    ids: set[Any] = set()
    for entry in result:
        if len(found) >= COMPLAINTS_MOST:
            return found
        complaint = _check_entry(config, entry, data)
        if complaint is None and entry["id"] in ids:
            complaint = f"The id {entry['id']} stands there twice."
        if complaint:
            found.append(complaint)
        else:
            ids.add(entry["id"])
    if found:
        return found
    answered = Counter(entry["from_name"] for entry in result)
    for control in config.controls:
        if answered[control.name] > 1 and not isinstance(control, Labels):
            found.append(f"“{control.name}” is answered twice.")
        if complete and control.required and not answered[control.name]:
            found.append(control.required_message or f"“{control.name}” needs an answer.")
    return found


def tidy_result(config: LabelConfig, result: Any, data: Mapping[str, Any]) -> Any:
    """A result from elsewhere without what we do not keep; a span without its text gets it. What is odd stays odd."""
    if not isinstance(result, list):
        return result
    return [_tidy(config, entry, data) if isinstance(entry, dict) else entry for entry in result]


def _tidy(config: LabelConfig, entry: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name in _KNOWN}
    if kept.get("origin") not in _ORIGINS:
        kept.pop("origin", None)
    control = config.control(str(kept.get("from_name")))
    value = kept.get("value")
    if control is None or not isinstance(value, dict):
        return kept
    wanted = ("start", "end", "text", "labels") if isinstance(control, Labels) else (control.key,)
    value = {name: value[name] for name in wanted if name in value}
    if isinstance(control, TextArea) and isinstance(value.get("text"), str):
        value["text"] = [value["text"]]
    if isinstance(control, Labels) and "text" not in value:
        start, end = value.get("start", -1), value.get("end", -1)
        text = _text_of(config, control, data)
        if _whole(start) and _whole(end) and (said := cut(text, start, end)) is not None:
            value["text"] = said
    return {**kept, "value": value}


def _check_entry(config: LabelConfig, entry: dict[str, Any], data: Mapping[str, Any]) -> str | None:
    if missing := _NEEDED - entry.keys():
        return f"An entry lacks {', '.join(sorted(missing))}."
    if unknown := entry.keys() - _KNOWN:
        return f"An entry has {', '.join(sorted(unknown))[:100]}, which means nothing here."
    if not isinstance(entry["id"], str) or not _ID.fullmatch(entry["id"]):
        return "An id is up to 60 letters, digits, - and _."
    if "origin" in entry and entry["origin"] not in _ORIGINS:
        return "An origin is manual, prediction or prediction-changed."
    name = entry["from_name"]
    control = config.control(name) if isinstance(name, str) else None
    if control is None:
        return f"There is no control “{str(name)[:60]}”."
    if entry["to_name"] != control.to_name or entry["type"] != control.kind:
        return f"“{name}” is a {control.kind} about “{control.to_name}”."
    value = entry["value"]
    wanted = {"start", "end", "text", "labels"} if isinstance(control, Labels) else {control.key}
    if not isinstance(value, dict) or value.keys() != wanted:
        return f"The value of “{name}” has exactly {', '.join(sorted(wanted))}."
    return _CHECKS[type(control)](config, control, value, data)


def _check_choices(config: LabelConfig, control: Control, value: dict[str, Any], data: Mapping[str, Any]) -> str | None:
    assert isinstance(control, Choices)
    return _check_picked(control, value["choices"])


def _check_picked(control: Choices | Labels, picked: Any) -> str | None:
    if not isinstance(picked, list) or not picked or not all(isinstance(value, str) for value in picked):
        return f"“{control.name}” is a list of texts, and not empty."
    if len(set(picked)) != len(picked):
        return f"“{control.name}” names something twice."
    if len(picked) > 1 and not control.multiple:
        return f"“{control.name}” takes one."
    known = {option.value for option in control.options}
    strange = next((value for value in picked if value not in known), None)
    return None if strange is None else f"“{strange[:60]}” is not among the options of “{control.name}”."


def _check_labels(config: LabelConfig, control: Control, value: dict[str, Any], data: Mapping[str, Any]) -> str | None:
    assert isinstance(control, Labels)
    start, end = value["start"], value["end"]
    if not _whole(start) or not _whole(end) or start >= end:
        return "A span has a start and a larger end, both whole numbers."
    said = cut(_text_of(config, control, data), start, end)
    if said is None:
        return f"The span {start}–{end} lies outside of the text, or cuts a character in two."
    if value["text"] != said:
        return f"The text of the span {start}–{end} is not what stands there."
    return _check_picked(control, value["labels"])


def _check_texts(config: LabelConfig, control: Control, value: dict[str, Any], data: Mapping[str, Any]) -> str | None:
    assert isinstance(control, TextArea)
    texts = value["text"]
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        return f"“{control.name}” is a list of texts, none of them empty."
    if len(texts) > control.most:
        return f"“{control.name}” takes at most {control.most}."
    if any(len(text) > TEXT_MOST for text in texts):
        return f"A text of “{control.name}” is longer than {TEXT_MOST:,} characters."
    if any(_UNSTORABLE.search(text) for text in texts):
        return f"A text of “{control.name}” holds characters that cannot be stored."
    return None


def _check_rating(config: LabelConfig, control: Control, value: dict[str, Any], data: Mapping[str, Any]) -> str | None:
    assert isinstance(control, Rating)
    stars = value["rating"]
    return None if _whole(stars) and 1 <= stars <= control.most else f"“{control.name}” is from 1 to {control.most}."


_CHECKS: dict[type, Callable[[LabelConfig, Control, dict[str, Any], Mapping[str, Any]], str | None]] = {
    Choices: _check_choices,
    Labels: _check_labels,
    TextArea: _check_texts,
    Rating: _check_rating,
}


def _text_of(config: LabelConfig, control: Control, data: Mapping[str, Any]) -> str:
    found = config.object(control.to_name)
    return shown_text(found.value, data) if found else ""


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _size(result: Any) -> int:
    try:
        return len(json.dumps(result, ensure_ascii=False).encode())
    except (UnicodeEncodeError, ValueError, TypeError, RecursionError):
        return BYTES_MOST + 1
