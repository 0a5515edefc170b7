"""A mail server on loopback that answers as it is told, and the folder that mail goes to without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mailboxes.mails import Desk
from tests.postoffice import folder, office, smtp
from tests.world import World

__all__ = ["folder", "office", "smtp"]


@pytest.fixture
def desk(world: World, work: Callable[[], None], folder: Path) -> Desk:
    """Acme's desk; its mail comes in at support@acme.test."""
    return Desk(world, work)
