"""A backup taken while everything runs, everything lost, restored: all is there, and the same may do the same."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from flask import Flask

from app import create_app
from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.adapters import files
from app.cli.archive import Unusable, unpack
from app.cli.backup import backup
from app.cli.restore import restore
from app.kernel.database import db, driver_url
from app.kernel.tenancy import enter, organization
from app.mailboxes.models import MailAccount, MailAddress
from config import Config
from tests.visitors import Visitor
from tests.world import World

_RIGHTS = """
    SELECT relname || ' ' || relrowsecurity || coalesce(
           (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) a), '') AS what
      FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT attrelid::regclass || '.' || attname || attacl::text FROM pg_attribute WHERE attacl IS NOT NULL
    UNION ALL SELECT tablename || policyname || roles::text || cmd FROM pg_policies
    UNION ALL SELECT proname || prosecdef || coalesce(proacl::text, '') FROM pg_proc
               WHERE pronamespace = 'public'::regnamespace OR proname = 'set_config'
    UNION ALL SELECT 'default ' || defaclobjtype::text || defaclacl::text FROM pg_default_acl"""


@dataclass
class Elsewhere:
    """An empty installation: a database of its own, and a folder."""

    url: str
    instance: Path

    def rights(self) -> list[str]:
        return _rights(self.url)


def _rights(url: str) -> list[str]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return sorted(connection.scalars(sa.text(_RIGHTS)))


@pytest.fixture
def filled(world: World, settings: Config, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is backed up: somebody can sign in, a file is stored, a password encrypted. The file's name."""
    for name, value in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)):
        monkeypatch.setenv(name, value or "")
    monkeypatch.setenv("TRESTLE_INSTANCE", str(settings.instance))
    enter(None)
    user = db.session.get_one(User, world.cast["alice"].user_id)
    user.password_hash = hash_password("a tunnel of crayons")
    db.session.commit()
    with organization(world.organization_id):
        address = MailAddress(address="help@acme.example", kind="queue", subject_id=1)
        db.session.add(address)
        db.session.flush()
        account = MailAccount(address_id=address.id, host="mail.example", username="help")
        account.password = "a mail secret"
        db.session.add(account)
        return files.store(io.BytesIO(b"A file."), most=100).name


@pytest.fixture
def elsewhere(settings: Config, tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    owner = driver_url(settings.database_url or "")
    name = f"trestle_restored_{worker_id}"
    server = sa.create_engine(owner.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield Elsewhere(owner.set(database=name).render_as_string(hide_password=False), tmp_path / "elsewhere")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _move(there: Elsewhere, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("DATABASE_URL", there.url)
    monkeypatch.setenv("TRESTLE_INSTANCE", str(there.instance))
    monkeypatch.setenv("TRESTLE_SECRET", secret)


def _found_there(
    there: Elsewhere, secret: str, settings: Config, organization_id: int, name: str
) -> tuple[str, str, int]:
    """The encrypted password as it is read there, the stored file, and how home answers who signs in."""
    config = Config(
        instance=there.instance, database_url=there.url, redis_url=settings.redis_url, secret=secret,
        base_url="http://trestle.test", testing=True,
    )  # fmt: skip
    app: Flask = create_app(config)
    try:
        with app.app_context():
            with organization(organization_id):
                account = db.session.scalars(sa.select(MailAccount)).one()
                try:
                    password = account.password
                except InvalidToken as error:
                    password = type(error).__name__
            said = files.open_file(name).read().decode()
        visitor = Visitor(app)
        visitor.post("/sign-in", {"email": "alice@example.test", "password": "a tunnel of crayons"})
        return password, said, visitor.get("/acme/").status_code
    finally:
        with app.app_context():
            db.engine.dispose()
            db.session.remove()


def test_everything_lost_and_restored(
    filled: str, elsewhere: Elsewhere, world: World, settings: Config, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file, secret = tmp_path / "backup.tar", settings.secret
    db.session.remove()
    assert backup([str(file)]) == 0
    assert (file.stat().st_mode & 0o777) == 0o600
    with tarfile.open(file) as tar:
        assert "secret" not in tar.getnames()
    assert secret.encode() not in file.read_bytes()
    with pytest.raises(Unusable, match="is there already"):
        backup([str(file)])

    _move(elsewhere, monkeypatch, "x" * 40)
    assert restore([str(file)]) == 3
    said = capsys.readouterr().err
    assert "other keys" in said
    assert "passwords of mailboxes (1)" in said

    _move(elsewhere, monkeypatch, secret)
    assert restore([str(file)]) == 0
    found = _found_there(elsewhere, secret, settings, world.organization_id, filled)
    assert found == ("a mail secret", "A file.", 200)
    assert elsewhere.rights() == _rights(settings.database_url or ""), "policies and rights are what they were"
    assert not list(elsewhere.instance.glob("restore-*"))

    with pytest.raises(Unusable, match="is not empty: FORCE=yes"):
        restore([str(file)])
    shutil.rmtree(elsewhere.instance)
    _move(elsewhere, monkeypatch, "x" * 40)
    monkeypatch.setenv("FORCE", "yes")
    monkeypatch.setenv("ACCEPT_KEYS", "yes")
    assert restore([str(file)]) == 0
    found = _found_there(elsewhere, "x" * 40, settings, world.organization_id, filled)
    assert found == ("InvalidToken", "A file.", 200)


def test_with_the_keys_in_it_nothing_else_is_needed(
    filled: str, elsewhere: Elsewhere, settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.tar"
    monkeypatch.setenv("WITH_SECRET", "yes")
    db.session.remove()
    assert backup([str(file)]) == 0
    _move(elsewhere, monkeypatch, "")
    assert restore([str(file)]) == 0
    assert (elsewhere.instance / "secret").read_text() == settings.secret


def test_somebody_at_work_stops_a_restore(
    filled: str, elsewhere: Elsewhere, settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.tar"
    db.session.remove()
    assert backup([str(file)]) == 0
    _move(elsewhere, monkeypatch, settings.secret)
    busy = sa.create_engine(elsewhere.url, poolclass=sa.NullPool)
    with busy.connect(), pytest.raises(Unusable, match="stop web, worker and scheduler"):
        restore([str(file)])


def test_what_is_not_whole_is_refused_in_a_sentence(filled: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    db.session.remove()
    assert backup([str(file)]) == 0
    data = file.read_bytes()
    middle = len(data) // 2
    broken = {
        "half": data[:middle],
        "bent": data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :],
        "text": b"Not a backup." * 100,
    }
    for name, content in broken.items():
        place = tmp_path / f"{name}.tar"
        place.write_bytes(content)
        with pytest.raises(Unusable) as refusal:
            unpack(place, tmp_path / name)
        assert len(str(refusal.value).splitlines()) == 1


def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.tar"
    for name in ("../evil", "/tmp/evil"):
        with tarfile.open(file, "w") as tar:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
        with pytest.raises(Unusable):
            unpack(file, tmp_path / "into")
