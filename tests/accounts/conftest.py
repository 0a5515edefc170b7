"""Visitors: people who are not in the cast and come in by the front door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.visitors import Letter, Visitor, letters


@pytest.fixture
def zoe(app: Flask) -> Visitor:
    """Zoe, in her browser, unknown here."""
    return Visitor(app)


@pytest.fixture
def post(owner: sa.Engine) -> Callable[..., list[Letter]]:
    """`post()` is all mail so far, `post("zoe@example.test")` that to one address."""
    return lambda to=None: letters(owner, to)


@pytest.fixture
def member(zoe: Visitor, post: Callable[..., list[Letter]]) -> Visitor:
    """Zoe with an account of her own, her address proved, signed in."""
    zoe.sign_up()
    zoe.post(post()[-1].link, {"password": "a bridge of pencils"})
    return zoe
