"""A process that must not outlive its parent. Linux does it by a parent-death signal; elsewhere nothing happens."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def die_with_parent(death_signal: signal.Signals, *, parent: int | None = None) -> None:
    """Have the kernel send us `death_signal` when the thread that started us ends (so: start us from a main thread).

    A change of user loses it. `parent` is the pid of who started us; if that one is gone already, we signal ourselves.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), death_signal)
