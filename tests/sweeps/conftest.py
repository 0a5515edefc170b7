"""The world, made anew as often as a sweep needs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel.database import db
from tests.conftest import _empty, _forget
from tests.world import World, build_world


@pytest.fixture
def again(app: Flask, owner: sa.Engine) -> Callable[[], World]:
    """`again()` is the same world as at the beginning."""

    def make() -> World:
        db.session.remove()
        _empty(owner)
        app.extensions["redis"].flushdb()
        _forget()
        return build_world(app)

    return make
