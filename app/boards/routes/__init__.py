"""Addresses of issues and boards."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("boards", __name__, url_prefix=TENANT)

for _part in ("issues", "undo", "board", "fields", "sorting", "estimates", "labels"):
    if find_spec(f"{__name__}.{_part}"):
        importlib.import_module(f"{__name__}.{_part}")
