"""The lock files: they hold all that pyproject.toml asks for, by hash, and name no index."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.cli.conftest import ROOT


def pins(name: str) -> dict[str, str]:
    """Package and version by normalized name (PEP 503)."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}


def asked(requirements: list[str]) -> set[str]:
    names = [re.match(r"[A-Za-z0-9._-]+", text) for text in requirements]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


def test_everything_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert asked(project["project"]["dependencies"]) - runtime.keys() == set(), "run `make lock`"
    assert asked(project["dependency-groups"]["dev"]) - development.keys() == set(), "run `make lock`"
    assert runtime.items() <= development.items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_hashes_and_no_index(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--\w*index\w*|--find-links)\b", text, re.MULTILINE)
    for entry in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in entry, entry
