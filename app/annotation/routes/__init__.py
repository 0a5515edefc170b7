"""Addresses of labelling projects, their tasks and the stream."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("annotation", __name__, url_prefix=TENANT)

for _part in ("labellings", "settings", "configurations", "imports", "exports", "stream", "tasks", "annotations"):
    if find_spec(f"{__name__}.{_part}"):
        importlib.import_module(f"{__name__}.{_part}")
