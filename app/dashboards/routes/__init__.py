"""Addresses of sources, questions, dashboards and reports."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("dashboards", __name__, url_prefix=TENANT)

for _part in ("places", "sources", "uploads", "questions", "dashboards", "widgets", "reports"):
    if find_spec(f"{__name__}.{_part}"):
        importlib.import_module(f"{__name__}.{_part}")
