"""Oda runs the installation and is a member of nothing: signed in, and proved a moment ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import User, UserSession
from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import db
from app.kernel.tenancy import enter
from tests.world import Person, World, _signed_in


@pytest.fixture
def oda(app: Flask, world: World) -> Person:
    enter(None)
    user = User(email="oda@example.test", name="Oda", email_verified_at=now(), is_operator=True)
    token = new_token()
    db.session.add(user)
    db.session.flush()
    row = UserSession(user_id=user.id, token_hash=token_hash(token), expires_at=now() + timedelta(days=1))
    db.session.add(row)
    db.session.commit()
    return Person("oda", user.id, 0, "acme", *_signed_in(app, token), app)
