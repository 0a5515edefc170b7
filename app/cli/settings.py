"""The configuration of a command, its folder checked first."""

from __future__ import annotations

from app.adapters.embedded import prepare_folder
from config import Config, instance_folder


def configuration() -> Config:
    """Read the environment. Raises ConfigurationError or FolderUnusable."""
    prepare_folder(instance_folder())
    return Config()
