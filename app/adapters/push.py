"""Web Push: one message to one browser, through the service that its maker runs (RFC 8030, 8188, 8291, 8292).

The service learns that there is a message, and nothing of what it says. Its address comes from the browser, so from
anybody: it is asked as all strangers' servers are (`adapters.outbound`).
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException

from app.adapters import outbound

#: Seconds that a service keeps a message for a browser that is away.
KEPT = 6 * 3600
#: Bytes of a message: services must take 4096 encrypted ones.
MOST = 3000
_POINT, _AUTH = 65, 16


class Gone(Exception):
    """The browser does not take messages any more, or never did."""


class NotTaken(Exception):
    """The service did not take it. The message says why; `again`: another try may help."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True)
class Subscription:
    """Where a browser is reached, as it says itself: the service's address, its public key, and a shared secret."""

    endpoint: str
    p256dh: str
    auth: str

    def check(self) -> None:
        """Raises ValueError for what no browser says."""
        parts = urlsplit(self.endpoint)
        if len(self.endpoint) > 1000 or not parts.hostname or "@" in parts.netloc:
            raise ValueError("This is not the address of a push service.")
        try:
            plain = parts.scheme == "http" and outbound.is_allowed(self.endpoint)
        except outbound.Refused as error:
            raise ValueError(str(error)) from error
        if parts.scheme != "https" and not plain:
            raise ValueError("A push service is asked with encryption only.")
        if len(_bytes(self.auth)) != _AUTH:
            raise ValueError("The browser's secret is not one.")
        self.point()

    def point(self) -> bytes:
        """The browser's public key. Raises ValueError."""
        point = _bytes(self.p256dh)
        if len(point) != _POINT:
            raise ValueError("The browser's key is not one.")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return point


@dataclass(frozen=True)
class Key:
    """The instance's own key pair: `public` is what browsers are told."""

    public: str
    pem: bytes

    @classmethod
    def make(cls) -> Key:
        private = ec.generate_private_key(ec.SECP256R1())
        public = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cls(base64.urlsafe_b64encode(public).rstrip(b"=").decode(), pem)


def send(to: Subscription, message: Mapping[str, Any], *, key: Key, contact: str, topic: str = "") -> None:
    """Hand one message to the service. Of two with the same topic that wait there, the later one is shown.

    Raises Gone and NotTaken.
    """
    body = http_ece.encrypt(
        json.dumps(message).encode()[:MOST],
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=to.point(),
        auth_secret=_bytes(to.auth),
        version="aes128gcm",
    )
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Urgency": "normal",
    }
    if topic:
        headers["Topic"] = topic
    try:
        headers |= _signed(to.endpoint, key, contact)
        answer = outbound.request(
            "POST", to.endpoint, headers=headers, body=body, timeout=10, most_bytes=64_000, hops=0
        )
    except (outbound.Refused, VapidException) as error:
        raise Gone(str(error)) from error
    except outbound.OutboundError as error:
        raise NotTaken(str(error), again=True) from error
    if answer.status in (404, 410):
        raise Gone("The browser has taken its leave.")
    if not 200 <= answer.status < 300:
        again = answer.status == 429 or answer.status >= 500
        raise NotTaken(f"The push service answers {answer.status}.", again=again)


def _signed(endpoint: str, key: Key, contact: str) -> dict[str, str]:
    """Who we are, for this service alone and for an hour (VAPID)."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + 3600, "sub": contact}
    signer = Vapid02.from_pem(key.pem)
    signer.conf = {"no-strict": True}
    return dict(signer.sign(claims))


def _bytes(text: str) -> bytes:
    """base64url, with or without its padding. Raises ValueError."""
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
