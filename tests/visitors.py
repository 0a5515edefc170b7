"""Strangers with a browser of their own, and the mail that reaches them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
ZOE = {"email": "zoe@example.test", "password": "a bridge of pencils"}


@dataclass
class Visitor:
    """A browser that keeps its cookies: `visitor.post("/sign-in", {…})` sends the token of the page it last saw."""

    app: Flask = field(repr=False)
    ip: str = "203.0.113.7"
    csrf: str = ""

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, **rest: Any) -> TestResponse:
        with self.app.app_context():
            return self._seen(self.client.get(path, environ_base={"REMOTE_ADDR": self.ip}, **rest))

    def post(self, path: str, data: Any = None, **rest: Any) -> TestResponse:
        if not self.csrf:
            self.get("/password")  # a page that everybody gets
        headers = {"X-CSRFToken": self.csrf, "Sec-Fetch-Site": "same-origin", **rest.pop("headers", {})}
        with self.app.app_context():
            answer = self.client.post(path, data=data, headers=headers, environ_base={"REMOTE_ADDR": self.ip}, **rest)
        self.csrf = ""  # signing in and out make a new one
        return self._seen(answer)

    def _seen(self, answer: TestResponse) -> TestResponse:
        if found := _TOKEN.search(answer.text if answer.mimetype == "text/html" else ""):
            self.csrf = found[1]
        return answer

    def sign_up(self, **more: str) -> TestResponse:
        return self.post("/sign-up", {**ZOE, "name": "Zoe", "timezone": "Europe/Berlin", **more})

    def sign_in(self, **more: str) -> TestResponse:
        return self.post("/sign-in", {**ZOE, **more})

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("trestleboard")
        return found.value if found else ""


@dataclass
class Letter:
    to: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The first address in it, as a path on this server."""
        found = re.search(r"https?://\S+", self.text)
        assert found, self.text
        parts = urlsplit(found[0])
        return parts.path + (f"?{parts.query}" if parts.query else "")


def letters(owner: sa.Engine, to: str | None = None) -> list[Letter]:
    """Everything that was posted, oldest first."""
    with owner.connect() as connection:
        rows = connection.execute(sa.text("SELECT to_address, subject, text FROM outgoing_mails ORDER BY id"))
        return [Letter(*row) for row in rows if to in (None, row[0])]


def security_events(owner: sa.Engine) -> list[str]:
    with owner.connect() as connection:
        return list(connection.execute(sa.text("SELECT kind FROM security_events ORDER BY id")).scalars())
