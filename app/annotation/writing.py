"""Exports as text, piece by piece: Label Studio's JSON, its short form, and CSV."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.adapters.tables.writing import MARK, line
from app.annotation.config import Choices, Control, LabelConfig, Labels, TextArea
from app.annotation.models import Format


@dataclass(frozen=True)
class Said:
    """An annotation, as exports know it."""

    id: int
    member_id: int
    member_name: str
    result: list[dict[str, Any]]
    was_cancelled: bool
    ground_truth: bool
    lead_time: float
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Told:
    """A task with its annotations."""

    id: int
    number: int
    data: Mapping[str, Any]
    meta: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    annotations: list[Said] = field(default_factory=list)


def pieces(kind: Format, tasks: Iterable[Told], config: LabelConfig, columns: Sequence[str]) -> Iterator[str]:
    """The text of an export, task by task. `columns` are those of the data, which only CSV needs to know before."""
    if kind is Format.CSV:
        yield from _csv(tasks, config, columns)
    elif kind is Format.JSON_MIN:
        yield from _array(short for task in tasks for short in _short(task, config))
    else:
        yield from _array(_whole(task) for task in tasks)


def _array(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    mark = "["
    for item in items:
        yield mark + "\n" + json.dumps(item, ensure_ascii=False)
        mark = ","
    yield "[]\n" if mark == "[" else "\n]\n"


def _whole(task: Told) -> dict[str, Any]:
    return {
        "id": task.id,
        "inner_id": task.number,
        "data": task.data,
        "meta": task.meta,
        "created_at": task.created_at.isoformat(),
        "updated_at": task.updated_at.isoformat(),
        "total_annotations": sum(not said.was_cancelled for said in task.annotations),
        "cancelled_annotations": sum(said.was_cancelled for said in task.annotations),
        "total_predictions": 0,
        "annotations": [
            {
                "id": said.id,
                "completed_by": {"id": said.member_id, "name": said.member_name},
                "result": said.result,
                "was_cancelled": said.was_cancelled,
                "ground_truth": said.ground_truth,
                "lead_time": said.lead_time,
                "created_at": said.created_at.isoformat(),
                "updated_at": said.updated_at.isoformat(),
            }
            for said in task.annotations
        ],
        "predictions": [],
    }


def _short(task: Told, config: LabelConfig) -> Iterator[dict[str, Any]]:
    for said in task.annotations:
        if not said.was_cancelled:
            yield {
                **task.data,
                "id": task.id,
                "annotation_id": said.id,
                "annotator": said.member_id,
                "created_at": said.created_at.isoformat(),
                "updated_at": said.updated_at.isoformat(),
                "lead_time": said.lead_time,
                **_answers(said.result, config),
            }


def _answers(result: Sequence[Mapping[str, Any]], config: LabelConfig) -> dict[str, Any]:
    """{control: what was answered}, as short as Label Studio writes it."""
    given: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in result:
        given[entry["from_name"]].append(entry["value"])
    return {name: _answer(config.control(name), values) for name, values in given.items()}


def _answer(control: Control | None, values: list[Mapping[str, Any]]) -> Any:
    if control is None or isinstance(control, Labels):
        return values
    (value, *_) = values
    if control.key not in value:
        return values
    answer = value[control.key]
    if isinstance(control, Choices):
        return answer[0] if not control.multiple and len(answer) == 1 else {"choices": answer}
    if isinstance(control, TextArea):
        return answer[0] if len(answer) == 1 else {"text": answer}
    return answer


_BEFORE = ("task",)
_BETWEEN = ("annotation", "annotator", "skipped", "ground truth", "lead time in seconds", "created at")


def _csv(tasks: Iterable[Told], config: LabelConfig, columns: Sequence[str]) -> Iterator[str]:
    names = [control.name for control in config.controls]
    taken = {*_BEFORE, *columns, *_BETWEEN}
    answers = [f"{name} (answer)" if name in taken else name for name in names]
    yield MARK + line([*_BEFORE, *columns, *_BETWEEN, *answers])
    for task in tasks:
        data = [str(task.number), *(_cell(task.data.get(column)) for column in columns)]
        if not task.annotations:
            yield line([*data, *[""] * (len(_BETWEEN) + len(names))])
        for said in task.annotations:
            given = _answers(said.result, config)
            about = [
                str(said.id),
                said.member_name,
                "yes" if said.was_cancelled else "no",
                "yes" if said.ground_truth else "no",
                f"{said.lead_time:.1f}",
                said.created_at.isoformat(),
            ]
            yield line([*data, *about, *(_answer_cell(given.get(name)) for name in names)])


def _answer_cell(answer: Any) -> str:
    """An answer in a cell: several choices with bars between them, spans as JSON."""
    if isinstance(answer, dict) and set(answer) <= {"choices", "text"}:
        return " | ".join(next(iter(answer.values())))
    return _cell(answer)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
