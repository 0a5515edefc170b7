"""Ctrl-C, SIGTERM and a closed terminal: the first one stops everything in order, the next one in a hurry."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """We were told to stop. Raised once, wherever the main thread then is."""


class StopSignals:
    """While entered, turns the first stop signal into Stopped, and later ones into a call of `hurry`."""

    def __init__(self) -> None:
        self._told = False
        self._hurry: Callable[[], None] = lambda: None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopSignals:
        self._before = {name: signal.signal(name, self._receive) for name in _SIGNALS}
        return self

    def __exit__(self, *failure: object) -> None:
        for name, before in self._before.items():
            signal.signal(name, before)

    @contextmanager
    def hurrying(self, hurry: Callable[[], None]) -> Iterator[None]:
        """What to do when told again while the block is being left."""
        self._hurry = hurry
        try:
            yield
        finally:
            self._told = True
            self._hurry = lambda: None

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self._told:
            self._hurry()
        else:
            self._told = True
            raise Stopped
