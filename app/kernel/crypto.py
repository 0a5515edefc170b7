"""Secrets: random tokens, their hashes, and signing and encryption keys derived from the instance's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from flask import Flask, current_app
from itsdangerous import URLSafeTimedSerializer


def new_token() -> str:
    """A token that cannot be guessed: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What we keep of a token. The token has full entropy, so a plain SHA-256 needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def signer(purpose: str) -> URLSafeTimedSerializer:
    """Signs small values for one purpose; a signature made for another purpose does not verify."""
    return URLSafeTimedSerializer(_secrets(), salt=f"trestleboard.{purpose}", signer_kwargs=_SHA256)


_SHA256: dict[str, Any] = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}


def _secrets() -> list[str]:
    """Newest last, as itsdangerous wants them; TRESTLE_SECRET may hold several, newest first, parted by commas."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"] or ()), current_app.config["SECRET_KEY"]]


def seals(purpose: str, text: str) -> list[bytes]:
    """HMACs of a text for one purpose, by the newest secret first: for what must be shorter than `signer` makes it."""
    bound = f"trestleboard.{purpose}:{text}".encode()
    return [hmac.digest(key.encode(), bound, "sha256") for key in reversed(_secrets())]


def fernets(keys: Sequence[str]) -> list[Fernet]:
    """What each secret encrypts with, in the same order."""
    digests = (hashlib.sha256(b"trestleboard.encryption:" + key.encode()).digest() for key in keys)
    return [Fernet(base64.urlsafe_b64encode(digest)) for digest in digests]


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(fernets(keys))


def fingerprint(secret: str, salt: bytes) -> str:
    """By which a secret is recognised and cannot be guessed: slow to make, and another one in each backup."""
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()


def keep_secrets(app: Flask) -> None:
    """Read the secrets' file again when it has changed: keys are rotated while everything runs.

    One look at the file's time a request and a job. Secrets of the environment do not change.
    """
    config = app.extensions["trestleboard"]
    if config.secret_file is None:
        return
    try:
        changed = os.stat(config.secret_file).st_mtime_ns
    except OSError:
        return
    if app.extensions.get("secret_changed") != changed:
        newest, *older = [part for part in config.secret_file.read_text().strip().split(",") if part]
        app.config.update(SECRET_KEY=newest, SECRET_KEY_FALLBACKS=older)
        app.extensions["secret_changed"] = changed


def encryption() -> MultiFernet:
    """Encrypts with the newest key, decrypts with any."""
    return _fernet(tuple(reversed(_secrets())))


@dataclass(frozen=True)
class Sealed:
    """A column that holds what `encryption` made, and what stands in it, for people: "passwords of mailboxes"."""

    table: str
    column: str
    says: str


_sealed: dict[tuple[str, str], Sealed] = {}


def encrypted(column: Any, says: str) -> None:
    """Declare an encrypted column (`MailAccount.secret`): new keys reach only what is declared."""
    table = column.class_.__table__
    _sealed[table.name, column.key] = Sealed(table.name, column.key, says)


def encrypted_columns() -> list[Sealed]:
    """Every declared column, by table."""
    return [_sealed[name] for name in sorted(_sealed)]
