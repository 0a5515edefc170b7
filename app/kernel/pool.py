"""Connections that wait in a pool: whether one is still there is seen from its socket, without asking the server.

A waiting connection has nothing to say. When its socket can be read, the server has closed it or is about to (restart,
`pg_terminate_backend`), and another one is opened. A question before every request would cost each a round trip.
"""

from __future__ import annotations

import select
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import Pool


def spoken_to(descriptor: int) -> bool:
    """Whether something has arrived at a socket, its end included."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


@event.listens_for(Pool, "checkout")
def _look_at(connection: Any, record: Any, proxy: Any) -> None:
    if connection.closed or spoken_to(connection.fileno()):
        raise DisconnectionError("the server has closed this connection")
