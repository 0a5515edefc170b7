"""What draws charts and sets pages: a process of its own, since a huge chart aborts the process that draws it.

`child.py` is that process. It holds no secret, no connection and none of our code, has limits on memory and time, and
goes when it has had nothing to do for a while, so an idle house pays nothing for it.
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from app.kernel.errors import Refused, Unavailable

log = structlog.get_logger(__name__)

#: Seconds that one drawing may take, and that one waits for those before it.
PATIENCE = 20.0
#: Seconds without work after which the process goes.
IDLE = 60
#: Bytes of what is to be drawn, at most.
MOST = 16_000_000
_CHILD = Path(__file__).with_name("child.py")
_HEAD = struct.Struct(">BI")


class NotDrawn(Refused):
    """What was asked for cannot be drawn: the sentence says so, the program's own words stand in the log."""


class Press:
    """One child of this process, started when first needed. Threads take turns."""

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def work(self, task: str, patience: float = PATIENCE, **details: Any) -> bytes:
        """What the child makes of a task. Raises NotDrawn when it cannot, Unavailable when others hold it too long."""
        sent = json.dumps({"task": task, **details}).encode()
        if len(sent) > MOST:
            raise NotDrawn("This is too much to draw. Ask for fewer rows.")
        if self._owner != os.getpid():  # after a fork the child is the parent's
            self._turn, self._child, self._owner = threading.Lock(), None, os.getpid()
        if not self._turn.acquire(timeout=PATIENCE):
            raise Unavailable("Too much is being drawn right now. Try again in a moment.")
        try:
            return self._ask(sent, patience)
        finally:
            self._turn.release()

    def _ask(self, sent: bytes, patience: float) -> bytes:
        for fresh in (False, True):
            child = self._running(fresh)
            try:
                assert child.stdin
                child.stdin.write(len(sent).to_bytes(4, "big") + sent)
                child.stdin.flush()
            except (BrokenPipeError, ConnectionResetError):
                self.close()  # it had gone home; a new one comes
                continue
            return self._hear(child, patience)
        raise NotDrawn("What draws charts does not start.")

    def _hear(self, child: subprocess.Popen[bytes], patience: float) -> bytes:
        until = time.monotonic() + patience
        head = self._read(child, _HEAD.size, until)
        failed, length = _HEAD.unpack(head)
        body = self._read(child, length, until)
        if failed:
            log.warning("press.failed", error=body.decode(errors="replace"))
            raise NotDrawn("This cannot be drawn.")
        return body

    def _read(self, child: subprocess.Popen[bytes], length: int, until: float) -> bytes:
        assert child.stdout
        got = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            while len(got) < length:
                if not ready.select(max(0.0, until - time.monotonic())):
                    self.close()
                    raise NotDrawn("Drawing this took too long, so it was stopped. Ask for fewer rows.")
                some = os.read(child.stdout.fileno(), min(length - len(got), 1 << 20))
                if not some:
                    self.close()
                    raise NotDrawn("This was too much to draw. Ask for fewer rows.")
                got += some
        return bytes(got)

    def _running(self, fresh: bool) -> subprocess.Popen[bytes]:
        if self._child and (fresh or self._child.poll() is not None):
            self.close()
        if self._child is None:
            # By its path and isolated: it imports none of our packages and reads none of our environment.
            self._child = subprocess.Popen(  # noqa: S603 - our own file, no shell
                [sys.executable, "-I", str(_CHILD), str(self._idle)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                cwd="/",
            )
        return self._child

    def close(self) -> None:
        """End the child, whatever it does."""
        child, self._child = self._child, None
        if child:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    with suppress(BrokenPipeError):
                        pipe.close()
            child.wait()


#: This process's own.
press = Press()
