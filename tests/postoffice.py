"""A mail server on loopback that answers as it is told, and a place where the letters it took lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask


class PostOffice:
    """Takes letters, unless `says` holds an answer for the next recipients, or `says_to_data` for the next letters."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.says: list[str] = []
        self.says_to_data: list[str] = []
        #: Done once a letter is taken, before that is said.
        self.on_taking: Callable[[], None] = lambda: None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.says:
            return self.says.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.says_to_data:
            return self.says_to_data.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.on_taking()
        return "250 Taken"


class AnyPort(Controller):
    """Listens where the system finds room."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, str]]:
    """The server and its address."""
    post = PostOffice()
    controller = AnyPort(post, hostname="127.0.0.1", port=0)
    controller.start()
    yield post, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def smtp(app: Flask, office: tuple[PostOffice, str]) -> Iterator[PostOffice]:
    """The application sends its mail by SMTP for the length of the test."""
    before = app.extensions["trestleboard"]
    app.extensions["trestleboard"] = replace(before, smtp_url=office[1])
    yield office[0]
    app.extensions["trestleboard"] = before


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    """Where mail goes without a server; empty before and after."""
    path = app.extensions["trestleboard"].instance / "mail"
    _empty(path)
    yield path
    _empty(path)


def _empty(path: Path) -> None:
    for file in path.glob("*"):
        file.unlink()
