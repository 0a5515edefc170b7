"""New keys: all that is encrypted, past a kill, beside people who change it; old cookies and links still hold."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from flask import Flask

from app.kernel import rotation
from app.kernel.crypto import encrypted_columns, encryption, fernets, keep_secrets, signer
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.mailboxes.models import MailAccount, MailAddress
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "o" * 40, "n" * 40


@pytest.fixture
def accounts(world: World, app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Seven mailboxes whose passwords are encrypted with the old key."""
    monkeypatch.setitem(app.config, "SECRET_KEY", OLD)
    monkeypatch.setattr(rotation, "TOGETHER", 2)
    with organization(world.organization_id):
        address = MailAddress(address="help@acme.example", kind="queue", subject_id=1)
        db.session.add(address)
        db.session.flush()
        made = [MailAccount(address_id=address.id, host="mail.example", username=f"u{n}") for n in range(7)]
        for number, account in enumerate(made):
            account.password = f"secret {number}"
        db.session.add_all(made)
        db.session.flush()
        return [account.id for account in made]


def _by_key(owner: sa.Engine) -> dict[int | None, int]:
    (found,) = [one for one in rotation.standing(owner, [NEW, OLD]) if one.column.table == "mail_accounts"]
    return dict(found.by_key)


def test_every_value_gets_the_newest_key_and_reads_as_before(accounts, owner: sa.Engine, world: World) -> None:
    assert _by_key(owner) == {1: 7}
    assert rotation.rotate(owner, [NEW, OLD]) == 7
    assert _by_key(owner) == {0: 7}
    assert rotation.rotate(owner, [NEW, OLD]) == 0
    with organization(world.organization_id):
        secrets = db.session.scalars(sa.select(MailAccount.secret).order_by(MailAccount.id)).all()
    key = fernets([NEW])[0]
    assert [key.decrypt(secret.encode()).decode() for secret in secrets] == [f"secret {n}" for n in range(7)]
    with pytest.raises(InvalidToken):
        fernets([OLD])[0].decrypt(secrets[0].encode())


def test_killed_in_the_middle_it_goes_on(accounts, owner: sa.Engine) -> None:
    owner.dispose()
    child = os.fork()
    if child == 0:
        try:
            rotation.rotate(
                owner, [NEW, OLD], lambda column, looked, written: written and os.kill(os.getpid(), signal.SIGKILL)
            )
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert _by_key(owner) == {0: 2, 1: 5}
    assert rotation.rotate(owner, [NEW, OLD]) == 5
    assert _by_key(owner) == {0: 7}


def test_a_password_that_is_changed_meanwhile_is_not_lost(
    accounts, owner: sa.Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = rotation._opens

    def somebody_changes_it(keys, value):
        with owner.begin() as connection:
            fresh = fernets([OLD])[0].encrypt(b"changed").decode()
            connection.execute(
                sa.text("UPDATE mail_accounts SET secret = :s WHERE id = :id"), {"s": fresh, "id": accounts[0]}
            )
        monkeypatch.setattr(rotation, "_opens", opens)
        return opens(keys, value)

    monkeypatch.setattr(rotation, "_opens", somebody_changes_it)
    assert rotation.rotate(owner, [NEW, OLD]) == 6
    assert rotation.rotate(owner, [NEW, OLD]) == 1
    with owner.connect() as connection:
        secret = connection.execute(
            sa.text("SELECT secret FROM mail_accounts WHERE id = :id"), {"id": accounts[0]}
        ).scalar()
    assert fernets([NEW])[0].decrypt(secret.encode()) == b"changed"


def test_what_runs_takes_a_new_key_up_by_itself_and_old_signatures_hold(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text(OLD)
    for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        monkeypatch.setitem(app.config, name, app.config[name])
    monkeypatch.setitem(app.extensions, "secret_changed", None)
    monkeypatch.setitem(app.extensions, "trestleboard", replace(app.extensions["trestleboard"], secret_file=file))
    keep_secrets(app)
    with app.app_context():
        signed, sealed = signer("test").dumps("x"), encryption().encrypt(b"y")
        file.write_text(f"{NEW},{OLD}")
        os.utime(file, ns=(1, 1))
        keep_secrets(app)
        assert app.config["SECRET_KEY"] == NEW
        assert signer("test").loads(signed) == "x"
        assert encryption().decrypt(sealed) == b"y"
        assert fernets([NEW])[0].decrypt(encryption().encrypt(b"z")) == b"z"


def test_every_room_that_encrypts_columns_declares_them(app: Flask) -> None:
    """What is not declared would not be readable once the old key is dropped."""
    declared = {column.table for column in encrypted_columns()}
    assert {"mail_accounts", "user_details", "authenticators", "sso_connections", "devices", "push_keys"} <= declared
    sealing = {
        str(path.relative_to(ROOT)).split("/")[1]
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"encryption\(\)\.encrypt\(", path.read_text())
    }
    declaring = {
        str(path.relative_to(ROOT)).split("/")[1]
        for path in (ROOT / "app").rglob("models/*.py")
        if re.search(r"^encrypted\(", path.read_text(), re.MULTILINE)
    }
    assert sealing - declaring == set()
