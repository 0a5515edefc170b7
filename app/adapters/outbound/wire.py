"""The connection: to an address that was looked at, for so long, and for so many bytes."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from app.adapters.outbound.errors import TooLarge, Unreachable


class Bounds:
    """What one question may take: until when, and how many bytes may come back over the wire."""

    def __init__(self, seconds: float, most_bytes: int) -> None:
        self._until = time.monotonic() + seconds
        self._left = most_bytes

    def seconds(self, at_most: float | None = None) -> float:
        """Seconds that are left. Raises Unreachable when none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise Unreachable("The server takes too long to answer.")
        return left if at_most is None else min(left, at_most)

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooLarge("The server answers with more than is taken.")


class Backend(httpcore.NetworkBackend):
    """Connects to the given addresses, whatever name it is asked for. The name stays what TLS is checked against."""

    def __init__(self, addresses: Sequence[str], bounds: Bounds, connecting: float) -> None:
        self._addresses, self._bounds, self._connecting = addresses, bounds, connecting
        self._plain = httpcore.SyncBackend()
        #: The one that answered.
        self.address = ""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        last: Exception | None = None
        for address in self._addresses:
            self.address = address
            try:
                wait = self._bounds.seconds(self._connecting)
                return Stream(self._plain.connect_tcp(address, port, wait), self._bounds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise Unreachable("The server cannot be reached.") from last

    def connect_unix_socket(self, *rest: Any, **more: Any) -> httpcore.NetworkStream:
        raise Unreachable("The server cannot be reached.")


class Stream(httpcore.NetworkStream):
    """Bytes to and fro, within bounds: a drip of single bytes does not hold us for longer than the whole may take."""

    def __init__(self, stream: httpcore.NetworkStream, bounds: Bounds) -> None:
        self._stream, self._bounds = stream, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        found = self._stream.read(max_bytes, self._bounds.seconds(timeout))
        self._bounds.spend(len(found))
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bounds.seconds(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        made = self._stream.start_tls(ssl_context, server_hostname, self._bounds.seconds(timeout))
        return Stream(made, self._bounds)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
