"""Addresses of comments and files, alike for all nouns. The page around them is the noun's own."""

from __future__ import annotations

import importlib

from flask import Blueprint, current_app

from app.web.uploads import take_large_files
from app.web.urls import TENANT

bp = Blueprint("discussions", __name__, url_prefix=TENANT)


def most_bytes() -> int:
    """What one file may have."""
    return int(current_app.extensions["trestleboard"].file_most_mb) * 2**20


def _all_of_a_form() -> int:
    return most_bytes() * int(current_app.extensions["trestleboard"].files_at_once)


def _too_large() -> str:
    config = current_app.extensions["trestleboard"]
    return f"A file may have at most {config.file_most_mb} MB, and {config.files_at_once} may come at once."


take_large_files(
    bp,
    {
        "discussions.create_comment": _all_of_a_form,
        "discussions.create_attachments": _all_of_a_form,
        "discussions.create_upload": most_bytes,
    },
    _too_large,
)

for _part in ("attachments", "comments"):
    importlib.import_module(f"{__name__}.{_part}")
