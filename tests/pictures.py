"""Files for tests, made on the spot."""

from __future__ import annotations

import io
from pathlib import Path

from flask import Flask
from PIL import Image

from app.discussions.models import Attachment


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **rest: object) -> bytes:
    """A plain picture of that format."""
    made = io.BytesIO()
    Image.new("RGB", size, "#336699").save(made, kind, **rest)
    return made.getvalue()


def sent(content: bytes, name: str, kind: str | None = None) -> tuple[io.BytesIO, str] | tuple[io.BytesIO, str, str]:
    """A file as a form sends it, with the type that its sender claims."""
    return (io.BytesIO(content), name, kind) if kind else (io.BytesIO(content), name)


def kept(app: Flask) -> set[str]:
    """The names of all files on the disk."""
    folder: Path = app.extensions["trestleboard"].instance / "files"
    return {path.name for path in folder.glob("??/*")}


def files_of(attachment: Attachment) -> set[str]:
    """The names of what is stored of it."""
    return {attachment.file, *([attachment.preview] if attachment.preview else [])}
