"""Addresses of pages."""

from __future__ import annotations

import importlib

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("pages", __name__, url_prefix=TENANT)

for _part in ("lists", "pages", "moving", "keeping"):
    importlib.import_module(f"{__name__}.{_part}")
