"""One question and its answer, over as many hops as it takes."""

from __future__ import annotations

import json as notation
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import httpcore
import httpx
import structlog
from flask import current_app

from app.adapters.outbound.allowed import Allowed, allowed_by
from app.adapters.outbound.errors import OutboundError, Refused, TooLarge, Unreachable
from app.adapters.outbound.places import Place, Resolve, addresses_of, is_address, look_up, place_of
from app.adapters.outbound.wire import Backend, Bounds

log = structlog.get_logger("outbound")

#: Seconds until a connection stands, and between two pieces of an answer.
CONNECTING, READING = 5.0, 10.0
MOST_HOPS = 5
#: Bytes that headers and the framing of a body may have beside it.
_OVERHEAD = 256 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
#: What goes along to another server; everything else may be a secret for the first.
_HARMLESS = ("accept", "accept-language", "content-type", "user-agent")


@dataclass(frozen=True)
class Answer:
    """What came back, its body whole and plain."""

    status: int
    headers: httpx.Headers
    body: bytes
    #: The address that answered, after redirects.
    url: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises Unreachable when it is none."""
        try:
            return notation.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreachable("The server does not answer in JSON.") from error


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    json: Any = None,
    form: Mapping[str, str] | None = None,
    timeout: float = 15.0,
    most_bytes: int = 1024 * 1024,
    hops: int = MOST_HOPS,
    allow: Iterable[str] = (),
    resolve: Resolve = look_up,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Ask, and follow at most `hops` redirects. `timeout` is for all of it. Raises OutboundError.

    `body`, `json` or `form` is what is sent. `allow` adds to what the operator allows; never let members fill it in.
    """
    sent = _headers(headers)
    if json is not None:
        body, sent["content-type"] = notation.dumps(json).encode(), "application/json"
    elif form is not None:
        body, sent["content-type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
    allowed = _allowed(allow)
    bounds = Bounds(timeout, most_bytes + _OVERHEAD)
    target, former = _url(url), None
    for hop in range(hops + 1):
        place = place_of(target, allowed)
        if former is not None:
            _check_hop(former, place, body)
            if former.origin != place.origin:
                sent = httpx.Headers([(name, value) for name, value in sent.items() if name in _HARMLESS])
        answer = _ask(method, target, place, sent, body, bounds, most_bytes, allowed, resolve, tls)
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not location or hops == 0:
            return answer
        if hop < hops:
            target, former = _url(location, target), place
            method, body = _next_method(method, answer.status, body, sent)
    raise Refused("The server sends us round and round.")


def is_allowed(url: str) -> bool:
    """Whether the operator allows this very server, by name or number: then it may do without TLS."""
    allowed = _allowed(())
    place = place_of(_url(url), allowed)
    return allowed.host(place.host, place.port) or (is_address(place.host) and allowed.address(place.host))


def _ask(
    method: str,
    url: httpx.URL,
    place: Place,
    headers: httpx.Headers,
    body: bytes,
    bounds: Bounds,
    most_bytes: int,
    allowed: Allowed,
    resolve: Resolve,
    tls: ssl.SSLContext | None,
) -> Answer:
    began, address, status = time.monotonic(), "", 0
    try:
        backend = Backend(addresses_of(place, allowed, resolve), bounds, CONNECTING)
        with httpcore.ConnectionPool(
            ssl_context=tls or _trust(), max_connections=1, network_backend=backend, http2=False, retries=0
        ) as pool:
            asked = httpcore.Request(
                method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=[(b"Host", url.netloc), *headers.raw, *_length(method, body)],
                content=body,
                extensions={"timeout": {"connect": CONNECTING, "read": READING, "write": READING, "pool": CONNECTING}},
            )
            response = pool.handle_request(asked)
            try:
                status, found = response.status, httpx.Headers(response.headers)
                whole = _read(response.iter_stream(), found, most_bytes)
            finally:
                response.close()
            address = backend.address
    except OutboundError as error:
        log.warning("outbound.failed", method=method, host=place.host, port=place.port, why=type(error).__name__)
        raise
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        log.warning("outbound.failed", method=method, host=place.host, port=place.port, why=type(error).__name__)
        raise _sentence(error) from error
    taken = round((time.monotonic() - began) * 1000, 1)
    # Never the path: addresses carry secrets.
    log.info("outbound", method=method, host=place.host, port=place.port, address=address, status=status, ms=taken)
    return Answer(status, found, whole, str(url))


def _length(method: str, body: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"Content-Length", str(len(body)).encode())] if body or method not in ("GET", "HEAD") else []


def _sentence(error: Exception) -> OutboundError:
    if isinstance(error, httpcore.TimeoutException):
        return Unreachable("The server takes too long to answer.")
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable("The certificate of the server is not valid for this name.")
        cause = cause.__cause__ or cause.__context__
    return Unreachable("The server does not answer as a web server does.")


def _read(pieces: Iterable[bytes], headers: httpx.Headers, most: int) -> bytes:
    """The body, unpacked where the server packed it although it was asked not to. Never more than `most` at once."""
    packed = headers.pop("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise Unreachable("The server answers in a packing that is not taken.")
    unpack = None if packed in ("identity", "") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    whole = bytearray()
    for piece in pieces:
        while piece:
            if unpack is None:
                whole += piece
                break
            try:
                whole += unpack.decompress(piece, most + 1 - len(whole))
            except zlib.error as error:
                raise Unreachable("The server's answer is broken.") from error
            piece = unpack.unconsumed_tail
            if len(whole) > most:
                break
        if len(whole) > most:
            raise TooLarge("The server answers with more than is taken.")
    return bytes(whole)


def _check_hop(former: Place, place: Place, body: bytes) -> None:
    if former.scheme == "https" and place.scheme == "http":
        raise Refused("The server sends us on without encryption.")
    if body and former.origin != place.origin:
        raise Refused("The server sends what we say on to another one.")


def _next_method(method: str, status: int, body: bytes, headers: httpx.Headers) -> tuple[str, bytes]:
    if status in (307, 308) or method in ("GET", "HEAD"):
        return method, body
    headers.pop("content-type", None)
    return "GET", b""


def _headers(given: Mapping[str, str] | None) -> httpx.Headers:
    """Ours and the asker's. What frames the message is ours alone."""
    headers = httpx.Headers({"user-agent": "Trestleboard", "accept": "*/*"})
    headers.update(dict(given or {}))
    for name in ("host", "content-length", "transfer-encoding", "connection"):
        headers.pop(name, None)
    headers["accept-encoding"] = "identity"
    return headers


def _url(text: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        return base.join(text) if base else httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Refused("This is not an address.") from error


def _allowed(more: Iterable[str]) -> Allowed:
    return allowed_by((*current_app.extensions["trestleboard"].outbound_allow, *more))


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
