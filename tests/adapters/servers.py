"""Small web servers on this machine that answer whatever a test wants, down to the bytes."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

#: (connection, what was asked) -> nothing; the connection is closed afterwards.
Answering = Callable[[socket.socket, bytes], None]


class Server:
    """Listens on one address; `asked` is what each connection sent first."""

    def __init__(self, answer: Answering, address: str, port: int, tls: ssl.SSLContext | None) -> None:
        self.asked: list[bytes] = []
        self.answer, self.tls = answer, tls
        self.socket = socket.create_server((address, port))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(plain,), daemon=True).start()

    def _one(self, plain: socket.socket) -> None:
        with suppress(OSError), plain:
            connection = self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
            with connection:
                asked = connection.recv(65536)
                length = next((int(line[15:]) for line in asked.split(b"\r\n") if line[:15] == b"Content-Length:"), 0)
                while len(asked.partition(b"\r\n\r\n")[2]) < length:
                    asked += connection.recv(65536)
                self.asked.append(asked)
                self.answer(connection, asked)


@contextmanager
def serving(
    answer: Answering | bytes, *, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    def fixed(connection: socket.socket, asked: bytes) -> None:
        assert isinstance(answer, bytes)
        connection.sendall(answer)

    server = Server(fixed if isinstance(answer, bytes) else answer, address, port, tls)
    try:
        yield server
    finally:
        server.socket.close()


def plain(body: bytes = b"fine", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to: str, status: str = "302 Found") -> bytes:
    return plain(b"", status, Location=to)
