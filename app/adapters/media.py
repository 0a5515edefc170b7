"""What a file is, told by its bytes and never by its name; and a small picture of a picture.

Pictures are decoded in a process of their own (`adapters.pictures`), which may take so much memory and so much time and
no more: a decoder is the one part of us that reads what strangers made byte by byte.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import puremagic
import structlog

log = structlog.get_logger(__name__)

#: What is drawn; everything else is only downloaded. SVG is a document with scripts, not a picture.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
#: The type of every preview.
PREVIEW = "image/webp"
UNKNOWN = "application/octet-stream"
#: What a browser would run or follow, if it were let.
ACTIVE = ("text/html", "image/svg+xml", "application/xml", "application/xhtml+xml", "text/javascript")

_HEAD = 16 * 1024
#: Seconds in which a preview is drawn or not at all.
_PATIENCE = 30
_DRAWER = Path(__file__).with_name("pictures.py")
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_MARKUP = (
    (re.compile(r"<\s*svg[\s>/]"), "image/svg+xml"),
    (
        re.compile(r"<\s*(?:!doctype\s+html|html|head|body|script|iframe|meta|base|form|img|a|div|style)[\s>/]"),
        "text/html",
    ),
    (re.compile(r"^\s*<(?:\?xml|!doctype|[a-z_][\w.-]*[\s>:/])"), "application/xml"),
)
#: What an archive holds when it is a document of an office, and what that is then.
_OFFICE = (
    (b"word/", "wordprocessingml.document"),
    (b"xl/", "spreadsheetml.sheet"),
    (b"ppt/", "presentationml.presentation"),
)
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")


@dataclass(frozen=True)
class Picture:
    """A preview: its bytes, and its size in pixels."""

    data: bytes
    width: int
    height: int


def sniff(file: IO[bytes]) -> str:
    """The media type of what begins here. The file is left at its beginning."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return _archive(head)
    if (text := _as_text(head)) is not None:
        low = text.lower()
        return next((kind for pattern, kind in _MARKUP if pattern.search(low)), "text/plain")
    return _by_magic(head)


def draw_preview(file: IO[bytes], kind: str) -> Picture | None:
    """A picture as WebP that is at most 1,200 pixels wide and high, with nothing of the original but what one sees.

    None for one that cannot be decoded, is larger than can be drawn, or takes too long.
    """
    return _draw(file, kind, "preview")


def draw_face(file: IO[bytes], kind: str) -> Picture | None:
    """The middle of a picture as a square of 256 pixels, as `draw_preview` draws."""
    return _draw(file, kind, "face")


def _draw(file: IO[bytes], kind: str, shape: str) -> Picture | None:
    file.seek(0)
    try:
        drawn = subprocess.run(  # noqa: S603 - our own program, by its own path
            [sys.executable, "-I", str(_DRAWER), kind.removeprefix("image/"), shape],
            stdin=file,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        log.info("picture.too_slow", kind=kind)
        return None
    size, _, data = drawn.stdout.partition(b"\n")
    found = re.fullmatch(rb"(\d{1,5}) (\d{1,5})", size)
    if drawn.returncode or found is None or not data:
        log.info("picture.not_drawn", kind=kind, status=drawn.returncode)
        return None
    return Picture(data, int(found[1]), int(found[2]))


def _as_text(head: bytes) -> str | None:
    """The text of these bytes, cut off anywhere; None when they are none."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore")
    if b"\0" in head:
        return None
    try:
        return head.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and len(head) == _HEAD:
            return head[: error.start].decode()
    # Latin-1 and its kin: text without control characters. What a browser would take for markup must be found here too.
    binary = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return None if binary else head.decode("latin-1")


def _archive(head: bytes) -> str:
    """By the names in its first bytes; it is never unpacked."""
    if b"[Content_Types].xml" in head:
        for folder, kind in _OFFICE:
            if folder in head:
                return f"application/vnd.openxmlformats-officedocument.{kind}"
    return "application/zip"


def _by_magic(head: bytes) -> str:
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    named = (guess.mime_type for guess in guesses if len(guess.byte_match) >= 3)
    kind = next((name for name in named if name and _TYPE.fullmatch(name)), UNKNOWN)
    return UNKNOWN if kind in PICTURES else kind
