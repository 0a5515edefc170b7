"""What the papers say is so: keys exist, settings are named, rooms are described, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from app.factory import ROOMS

ROOT = Path(__file__).resolve().parents[1]
#: Keys that live in the behaviours of lists, boards and dialogs, not on a control.
BEHAVIOUR = {
    "y 1",
    "y 9",
    "j",
    "k",
    "Home",
    "End",
    "Enter",
    "Space",
    "x",
    "m",
    "Shift",
    "Ctrl",
    "Escape",
    "Mod+Enter",
    "Ctrl K",
    "⌘ K",
}


def _sources() -> str:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/js").rglob("*.js"), *(ROOT / "app").rglob("*.py")]
    return "\n".join(path.read_text() for path in files)


def test_every_key_in_the_papers_is_bound() -> None:
    said = set(re.findall(r"`([^`]+)`", (ROOT / "docs/keys.md").read_text())) - BEHAVIOUR
    sources = _sources()
    assert [key for key in sorted(said) if f'"{key}"' not in sources] == []


def test_every_setting_is_in_the_papers() -> None:
    read = set(re.findall(r'"([A-Z][A-Z_]{3,})"', (ROOT / "config.py").read_text()))
    operations = (ROOT / "docs/operations.md").read_text()
    assert [name for name in sorted(read) if f"`{name}`" not in operations] == []


def test_every_room_is_in_the_architecture() -> None:
    architecture = (ROOT / "docs/architecture.md").read_text()
    assert [room for room in ROOMS if f"`{room}`" not in architecture] == []


def test_links_between_papers_lead_somewhere() -> None:
    dead = [
        f"{paper.relative_to(ROOT)} → {target}"
        for paper in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", paper.read_text())
        if not (paper.parent / target).exists()
    ]
    assert dead == []
