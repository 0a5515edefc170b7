"""Servers on loopback that answer as they are told: a browser's push service, and a gateway for texts."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


class Peer:
    """Keeps what it was asked; answers with the next of `says`, else 201."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.says: list[tuple[int, dict[str, str]]] = []
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                peer.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, headers = peer.says.pop(0) if peer.says else (201, {})
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, format: str, *rest: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"


@contextmanager
def peer() -> Iterator[Peer]:
    made = Peer()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@contextmanager
def configured(app: Flask, **values: Any) -> Iterator[None]:
    """Other settings for a while."""
    before = app.extensions["trestleboard"]
    app.extensions["trestleboard"] = replace(before, **values)
    yield
    app.extensions["trestleboard"] = before


@dataclass
class Browser:
    """One that takes pushes: its keys, and what it reads of what came for it."""

    service: Peer
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes of"

    @property
    def form(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"{self.service.url}/push/abc",
            "p256dh": _words(point),
            "auth": _words(self.auth),
            "platform": "desktop",
        }

    def reads(self) -> list[dict[str, Any]]:
        """Everything that came, deciphered; each with a proof of who sent it."""
        return [self._read(each) for each in self.service.asked]

    def _read(self, asked: Asked) -> dict[str, Any]:
        assert asked.headers["content-encoding"] == "aes128gcm"
        assert int(asked.headers["ttl"]) > 0
        plain = http_ece.decrypt(asked.body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        return {**json.loads(plain), "claims": _proved(asked.headers["authorization"])}


def _proved(authorization: str) -> dict[str, Any]:
    """The claims of a VAPID token whose signature fits the key it names (RFC 8292)."""
    kind, _, rest = authorization.partition(" ")
    assert kind == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _, signature = parts["t"].rpartition(".")
    raw = _bytes(signature)
    assert len(raw) == 64
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(parts["k"]))
    key.verify(der, signed.encode(), ec.ECDSA(SHA256()))
    header, claims = (json.loads(_bytes(part)) for part in signed.split("."))
    assert header["alg"] == "ES256"
    return {**claims, "key": parts["k"]}


def _words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
