"""Addresses that lead to things."""

from __future__ import annotations

import importlib

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("search", __name__, url_prefix=TENANT)

for _part in ("favourites", "links", "palette"):
    importlib.import_module(f"{__name__}.{_part}")
