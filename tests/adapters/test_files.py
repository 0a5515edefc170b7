"""Files are stored under names that nobody chose."""

from __future__ import annotations

import hashlib
import io
import stat

import pytest
from flask import Flask

from app.adapters import files


def test_a_file_is_stored_read_and_forgotten(app: Flask) -> None:
    stored = files.store(io.BytesIO(b"hello"), most=5)
    assert (stored.size, stored.digest) == (5, hashlib.sha256(b"hello").hexdigest())
    with files.open_file(stored.name) as file:
        assert file.read() == b"hello"
    path = app.extensions["trestleboard"].instance / "files" / stored.name[:2] / stored.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    files.delete(stored.name)
    files.delete(stored.name)
    with pytest.raises(FileNotFoundError):
        files.open_file(stored.name)


def test_a_file_that_is_too_large_leaves_nothing(app: Flask) -> None:
    folder = app.extensions["trestleboard"].instance / "files"
    before = set(folder.glob("??/*"))
    with pytest.raises(files.TooLarge, match="larger than 1 MB"):
        files.store(io.BytesIO(b"x" * (2**20 + 1)), most=2**20)
    assert set(folder.glob("??/*")) == before


@pytest.mark.parametrize("name", ["", "..", "../secret", "/etc/passwd", "A" * 32, "a" * 33, "a" * 31 + "/"])
def test_no_other_name_opens_anything(app: Flask, name: str) -> None:
    with pytest.raises(ValueError, match="stored file"):
        files.open_file(name)
    with pytest.raises(ValueError, match="stored file"):
        files.delete(name)
