"""Commands for the installation itself: who looks after it, its keys, its backfills."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.cli.backfills import backfills
from app.cli.keys import keys
from app.cli.operators import operators
from app.kernel.backfills import plan
from app.kernel.database import db
from config import Config
from tests.world import World


@pytest.fixture(autouse=True)
def _here(world: World, settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This worker's database, and a secret of our own making."""
    db.session.remove()
    for name, value in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)):
        monkeypatch.setenv(name, value or "")
    monkeypatch.setenv("TRESTLE_INSTANCE", str(tmp_path))
    monkeypatch.delenv("TRESTLE_SECRET")


def test_operators_are_made_and_unmade(world: World, owner: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert operators(["add", "ghost@example.test"]) == 1
    assert "no account" in capsys.readouterr().err
    assert operators(["add", "Alice@example.test"]) == 0
    assert operators(["list"]) == 0
    assert "alice@example.test" in capsys.readouterr().out
    with owner.connect() as connection:
        assert list(connection.scalars(sa.select(User.email).where(User.is_operator))) == ["alice@example.test"]
    assert operators(["remove", "alice@example.test"]) == 0
    with owner.connect() as connection:
        assert list(connection.scalars(sa.select(User.email).where(User.is_operator))) == []


def test_a_new_key_and_then_one_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys(["status"]) == 0
    first = (tmp_path / "secret").read_text()
    assert keys(["rotate"]) == 0
    assert (tmp_path / "secret").read_text().split(",")[1] == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert keys(["drop"]) == 1
    assert "days" in capsys.readouterr().err
    assert keys(["drop", "--now"]) == 0
    assert "," not in (tmp_path / "secret").read_text() != first
    monkeypatch.setenv("TRESTLE_SECRET", "y" * 40)
    assert keys(["rotate"]) == 1
    assert "TRESTLE_SECRET holds one key" in capsys.readouterr().err


def test_backfills_are_listed_and_run_here(owner: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with owner.begin() as connection:
        plan(connection)
    assert backfills(["pause", "search_words"]) == 0
    assert backfills(["list"]) == 0
    assert "paused" in capsys.readouterr().out
    assert backfills(["resume", "search_words"]) == 0
    assert backfills(["run"]) == 0
    assert "Nothing is left" in capsys.readouterr().out
    assert backfills(["again", "nothing"]) == 1
