"""`make backup`: database, files and the marks of the keys, in one file, while everything runs.

The dump is one moment of the database. Stored files never change, so those that were there before the dump and those
after it, together, are all that a row of the dump can name.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.embedded import binary, embedded_servers
from app.adapters.embedded.addresses import check_database, libpq_address
from app.cli.archive import DUMP, SECRET, Unusable, Writer
from app.cli.settings import configuration

if TYPE_CHECKING:
    from config import Config


def backup(arguments: list[str]) -> int:
    """Write a backup; says where. WITH_SECRET=yes puts the keys in, too: then whoever has the file has everything."""
    config = configuration()
    with embedded_servers(config) as servers:
        check_database(servers.database_url)
        place = _place(config, arguments)
        with tempfile.TemporaryDirectory(prefix="backup-", dir=config.instance) as scratch, Writer(place) as archive:
            _write(archive, config, servers.database_url, Path(scratch))
            archive.finish()
    files = sum(name.startswith("files/") for name in archive.manifest.parts)
    print(f"{place} ({place.stat().st_size >> 10:,} KB, {files:,} files)")
    if SECRET not in archive.manifest.parts:
        where = config.secret_file or "TRESTLE_SECRET"
        print(
            f"Its keys are not in it. Keep a copy of {where} elsewhere: without it passwords of mailboxes and the like"
        )
        print("cannot be read again.")
    return 0


def _place(config: Config, arguments: list[str]) -> Path:
    if arguments and arguments[0]:
        place = Path(arguments[0]).absolute()
    else:
        place = config.instance / "backups" / f"trestleboard-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"The folder {place.parent} cannot be made: {error.strerror}.") from None
    if place.exists():
        raise Unusable(f"{place} is there already; name another one.")
    return place


def _write(archive: Writer, config: Config, database_url: str, scratch: Path) -> None:
    try:
        held = _hold_files(config.instance / "files", scratch)
        dump = scratch / DUMP
        _dump(database_url, dump)
        _describe(archive, config, database_url)
        archive.add(DUMP, dump)
        for name in sorted(held | _names(config.instance / "files")):
            kept = scratch / name
            archive.add(
                f"files/{name[:2]}/{name}", kept if kept.exists() else config.instance / "files" / name[:2] / name
            )
        if os.environ.get("WITH_SECRET", "").lower() == "yes":
            archive.add_bytes(SECRET, config.secret.encode())
    except OSError as error:
        raise Unusable(f"The backup could not be written: {error.strerror or error}.") from None


def _names(folder: Path) -> set[str]:
    """The stored files: 32 hexadecimal digits in a folder of two."""
    return {path.name for path in folder.glob("[0-9a-f][0-9a-f]/*") if len(path.name) == 32}


def _hold_files(folder: Path, scratch: Path) -> set[str]:
    """A second name for each file there is, so that one that is deleted while we dump is still there."""
    found = _names(folder)
    for name in found:
        try:
            os.link(folder / name[:2] / name, scratch / name)
        except FileNotFoundError:
            continue
        except OSError:
            shutil.copyfile(folder / name[:2] / name, scratch / name)
    return found


def _dump(database_url: str, target: Path) -> None:
    address, password = libpq_address(database_url)
    argv = [binary("pg_dump"), "--format=custom", "--no-owner", "--no-password", "--file", str(target), address]
    given = dict(os.environ) | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(argv, env=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Unusable(f"The database could not be dumped: {(done.stderr.strip().splitlines() or ['?'])[-1]}")


def _describe(archive: Writer, config: Config, database_url: str) -> None:
    """What the restore has to know. Of the secret only marks, which cannot be turned back."""
    import sqlalchemy as sa

    from app.factory import rooms
    from app.kernel.crypto import encrypted_columns, fingerprint
    from app.kernel.database import driver_url

    rooms()
    manifest, salt = archive.manifest, secrets.token_bytes(16)
    manifest.made_at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    manifest.salt, manifest.keys = salt.hex(), [fingerprint(key, salt) for key in config.secret.split(",") if key]
    engine = sa.create_engine(driver_url(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        try:
            manifest.schema = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""
        except sa.exc.ProgrammingError:
            raise Unusable("There is nothing to back up: the database is empty.") from None
        manifest.postgres = connection.scalar(sa.text("SHOW server_version")) or ""
        for column in encrypted_columns():
            asked = (
                sa.select(sa.func.count())
                .select_from(sa.table(column.table))
                .where(sa.column(column.column).is_not(None))
            )
            if count := connection.scalar(asked):
                manifest.encrypted[column.says] = count
