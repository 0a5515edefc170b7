"""Static files: one fingerprint for all of them stands in their path, so that browsers may keep them for a year.

In the path and not in the query, because modules import each other by relative addresses: these carry it on. Files are
sent compressed; they hold no secrets, so unlike pages they may be.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, redirect, request, send_from_directory
from werkzeug.security import safe_join

from app.web.guard import anyone

bp = Blueprint("assets", __name__)
_COMPRESSED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"})


def fingerprint(folder: Path) -> str:
    """Changes when any file below changes."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


@bp.get("/static/v-<version>/<path:filename>")
@anyone
def show_asset(version: str, filename: str) -> Response:
    """A static file. Another version's address (an old page's) answers too, but is not to be kept."""
    folder = current_app.static_folder or ""
    kind = mimetypes.guess_type(filename)[0] or ""
    path = safe_join(folder, filename)
    if path and kind in _COMPRESSED and "gzip" in request.accept_encodings and Path(path).is_file():
        response = Response(_gzipped(path, Path(path).stat().st_mtime_ns), mimetype=kind)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(folder, filename)
    response.vary.add("Accept-Encoding")
    known = version == current_app.extensions["fingerprint"]
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if known else "no-cache"
    return response


@bp.get("/favicon.ico")
@anyone
def show_favicon() -> Any:
    """For those who ask without having read a page."""
    return redirect(current_app.jinja_env.globals["asset"]("icon.svg"))  # type: ignore[operator]


@bp.get("/robots.txt")
@anyone
def show_robots() -> Response:
    """Everything here is somebody's work; nothing is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@lru_cache(maxsize=512)
def _gzipped(path: str, changed_ns: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)


def init_app(app: Flask) -> None:
    app.extensions["fingerprint"] = fingerprint(Path(app.static_folder or ""))
    app.register_blueprint(bp)
    prefix = f"{app.static_url_path}/v-{app.extensions['fingerprint']}/"

    @app.template_global()
    def asset(path: str) -> str:
        """The address of a static file. Put together by hand: a board asks for an icon's some hundred times."""
        return request.script_root + prefix + path
