"""Files of people, sent back so that nothing in them runs here: as a download, or as a picture that we drew."""

from __future__ import annotations

import re
import unicodedata
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, send_file

#: Kept from whatever opens it in the page's place: no script, no form, no frame, no origin.
_POLICY = "default-src 'none'; sandbox"
_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]")


def download(file: BinaryIO, name: str, kind: str) -> Response:
    """A file to be saved. The browser is told not to guess what it is, nor to show it."""
    response = _sent(file, kind)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def picture(file: BinaryIO, kind: str) -> Response:
    """A picture of our own making, to be shown."""
    response = _sent(file, kind)
    response.headers["Content-Disposition"] = "inline"
    return response


def disposition(name: str) -> str:
    """RFC 6266: the name in ASCII for old readers, and as it is for all others."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = _PLAIN.sub("_", ascii_name).strip(". ") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _sent(file: BinaryIO, kind: str) -> Response:
    response = send_file(file, mimetype=kind, etag=False, max_age=None, conditional=False)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.pop("Cache-Control", None)
    return response
