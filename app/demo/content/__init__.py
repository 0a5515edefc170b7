"""The demo's words: issues by project, one a line, and descriptions by kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Wording:
    """An issue as somebody would write it."""

    priority: int
    labels: tuple[str, ...]
    title: str


def wordings(identifier: str) -> list[Wording]:
    """The issues of a project, in the order they were thought of: `priority|labels|title` a line."""
    lines = (_FOLDER / f"{identifier}.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if line and not line.startswith("#"):
            priority, labels, title = line.split("|", 2)
            found.append(Wording(int(priority), tuple(labels.split(",")), title))
    return found


def bodies(name: str = "bodies.md") -> dict[str, list[str]]:
    """{kind: texts in Markdown}"""
    found: dict[str, list[str]] = {}
    for part in (_FOLDER / name).read_text(encoding="utf-8").split("\n== ")[1:]:
        kind, _, body = part.partition("\n")
        found.setdefault(kind.strip(), []).append(body.strip())
    return found
