"""Adapters: the outer world, each behind a small face. Mail, outbound HTTP, files, charts, the embedded servers."""

from __future__ import annotations

from flask import Flask

from app.adapters.outbound import allowed_by
from config import ConfigurationError


def init_app(app: Flask) -> None:
    try:
        allowed_by(app.extensions["trestleboard"].outbound_allow)
    except ValueError as error:
        raise ConfigurationError(f"OUTBOUND_ALLOW cannot be used: {error}.") from error
