"""Whether our address is free, and whether somebody answers there. Sockets only: the supervisor stays light."""

from __future__ import annotations

import errno
import socket

from config import ConfigurationError

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


def shown_host(host: str) -> str:
    """The host as people type it into a browser on this machine."""
    near = _ANY.get(host, host)
    return f"[{near}]" if ":" in near else near


def check_port(host: str, port: int) -> None:
    """Raises ConfigurationError if we could not listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise ConfigurationError(f"HOST {host!r} is not the name or address of a machine.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise ConfigurationError(_refusal(error, host, port)) from None


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program: stop that one, or choose another with PORT=…"
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system: choose one from 1024 with PORT=…"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST {host} is not an address of this machine."
    return f"We cannot listen on {host}, port {port}: {error.strerror}."


def answers(host: str, port: int, path: str) -> bool:
    """Whether a GET of `path` is answered with 200 within two seconds."""
    try:
        with socket.create_connection((_ANY.get(host, host), port), timeout=2) as connection:
            connection.settimeout(2)
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {shown_host(host)}:{port}\r\n\r\n".encode())
            return connection.recv(64).split()[1:2] == [b"200"]
    except OSError:
        return False
