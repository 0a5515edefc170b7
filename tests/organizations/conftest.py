"""Visitors with accounts, the mail they got, and organizations to join."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.visitors import Letter, Visitor, letters


@pytest.fixture
def post(owner: sa.Engine) -> Callable[..., list[Letter]]:
    """`post()` is all mail so far, `post("zoe@example.test")` that to one address."""
    return lambda to=None: letters(owner, to)


@pytest.fixture
def arrive(app: Flask, post: Callable[..., list[Letter]]) -> Callable[..., Visitor]:
    """`arrive("zoe")`: somebody with a proved address, signed in, member of nothing."""

    def come(name: str = "zoe") -> Visitor:
        visitor, email = Visitor(app, ip=f"203.0.113.{len(name)}"), f"{name}@example.test"
        visitor.sign_up(name=name.capitalize(), email=email)
        visitor.post(post(email)[-1].link, {"password": "a bridge of pencils"})
        return visitor

    return come


@pytest.fixture
def zoe(arrive: Callable[..., Visitor]) -> Visitor:
    return arrive("zoe")
