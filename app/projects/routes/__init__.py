"""Addresses of projects and their settings."""

from __future__ import annotations

from flask import Blueprint

from app.web.urls import TENANT

bp = Blueprint("projects", __name__, url_prefix=TENANT)

from app.projects.routes import grouping, labels, people, projects, rules, states, tags, types  # noqa: E402, F401 - they add to bp
