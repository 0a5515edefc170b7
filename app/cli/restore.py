"""`make restore FILE=…`: a backup becomes this instance, which must be empty and stopped.

The database is read in one transaction and the files are put in place after it, so whatever goes wrong leaves what was
there. Exit codes: 0 done, 1 not done, 3 not done because the keys are others.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.embedded import binary, embedded_servers, prepare_folder
from app.adapters.embedded.addresses import check_database, libpq_address
from app.cli.archive import DUMP, SECRET, Manifest, Unusable, unpack
from config import Config, instance_folder

if TYPE_CHECKING:
    from app.adapters.embedded import Servers

OTHER_KEYS = 3
#: Of the dump's contents what depends on who owns the database; it is said anew, for the owner here.
_OURS_TO_SAY = re.compile(r" (DEFAULT ACL|ACL pg_catalog|SCHEMA - public|ACL - SCHEMA public|COMMENT - SCHEMA public) ")


class OtherKeys(Unusable):
    """The backup's secrets were encrypted with keys that are not here."""


def restore(arguments: list[str]) -> int:
    """Read a backup. FORCE=yes: replace what is there. ACCEPT_KEYS=yes: do without what other keys encrypted."""
    if not arguments or not arguments[0]:
        print("Say which: make restore FILE=instance/backups/….tar", file=sys.stderr)
        return 1
    file, instance = Path(arguments[0]).absolute(), instance_folder()
    if not file.is_file():
        raise Unusable(f"{file} is not there.")
    prepare_folder(instance)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=instance) as scratch:
        manifest = unpack(file, Path(scratch))
        _check_release(manifest)
        try:
            _bring_keys(manifest, instance, Path(scratch))
        except OtherKeys as error:
            print(error, file=sys.stderr)
            return OTHER_KEYS
        with embedded_servers(Config(), attach=False) as servers:
            check_database(servers.database_url)
            _check_empty(instance, servers.database_url)
            _read(Path(scratch), servers.database_url)
            _put_files(Path(scratch) / "files", instance)
            _finish(servers)
    names = sum(name.startswith("files/") for name in manifest.parts)
    print(f"Restored: the backup of {manifest.made_at}, {names:,} files. Start with `make run`.")
    return 0


def _check_release(manifest: Manifest) -> None:
    from alembic.script import ScriptDirectory

    from app.kernel.migrate import FOLDER

    known = {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}
    if manifest.schema not in known:
        raise Unusable(
            f"The backup is of a newer release (schema {manifest.schema}): bring the code up to date, then restore."
        )


def _bring_keys(manifest: Manifest, instance: Path, scratch: Path) -> None:
    """Keys that came along are put in place; else ours must be the backup's. Raises OtherKeys, saying what is lost."""
    from app.kernel.crypto import fingerprint

    place, brought = instance / "secret", scratch / SECRET
    if brought.exists() and not place.exists() and not os.environ.get("TRESTLE_SECRET"):
        brought.chmod(0o600)
        shutil.copy(brought, place)
        place.chmod(0o600)
        return
    salt = bytes.fromhex(manifest.salt)
    ours = {fingerprint(key, salt) for key in Config().secret.split(",") if key}
    if set(manifest.keys) <= ours or os.environ.get("ACCEPT_KEYS", "").lower() == "yes":
        return
    lost = ", ".join(f"{says} ({count:,})" for says, count in manifest.encrypted.items())
    raise OtherKeys(
        "Nothing was restored: this backup was made with other keys than the ones here. "
        + (f"Without them these cannot be read: {lost}. " if lost else "Nothing in it is encrypted with them. ")
        + "Everybody would be signed out, and links in old mails would not work. "
        "Set TRESTLE_SECRET, or put the instance's file `secret`, as they were; or do without: ACCEPT_KEYS=yes."
    )


def _forced() -> bool:
    return os.environ.get("FORCE", "").lower() == "yes"


def _check_empty(instance: Path, database_url: str) -> None:
    """Raises Unusable for an instance that holds something, or a database that others are connected to."""
    import psycopg

    address, password = libpq_address(database_url)
    with psycopg.connect(address, password=password, autocommit=True) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
        if others and others[0]:
            raise Unusable("Others are connected to the database: stop web, worker and scheduler first.")
        if _forced():
            return
        there = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchone()
        people = None
        if there and there[0]:
            known = connection.execute("SELECT to_regclass('public.users') IS NOT NULL").fetchone()
            people = connection.execute("SELECT count(*) FROM users").fetchone() if known and known[0] else (1,)
    if (people and people[0]) or any((instance / "files").glob("[0-9a-f][0-9a-f]/*")):
        raise Unusable(f"The instance {instance} is not empty: FORCE=yes replaces all that is in it.")


def _read(scratch: Path, database_url: str) -> None:
    """The dump as one transaction that begins with an empty schema: it is all there afterwards, or nothing changed."""
    from app.kernel.migrate import rights_to_come, roles_themselves

    address, password = libpq_address(database_url)
    given = dict(os.environ) | ({"PGPASSWORD": password} if password else {})
    contents = scratch / "contents"
    listed = _run([binary("pg_restore"), "--list", str(scratch / DUMP)], given)
    contents.write_text("".join(line for line in listed.splitlines(True) if not _OURS_TO_SAY.search(line)))
    script = scratch / "database.sql"
    _run(
        [
            *(binary("pg_restore"), "--no-owner", "--use-list", str(contents)),
            *("--file", str(script), str(scratch / DUMP)),
        ],
        given,
    )
    before, after = scratch / "before.sql", scratch / "after.sql"
    before.write_text(_script("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", *roles_themselves()))
    # Last: what tables get by themselves would come on top of what the dump says that they have.
    after.write_text(_script("RESET ALL", *rights_to_come()))
    argv = [binary("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1"]
    files = [part for path in (before, script, after) for part in ("--file", str(path))]
    _run([*argv, "--no-password", *files, "--dbname", address], given)


def _script(*statements: str) -> str:
    return ";\n".join(statements) + ";\n"


def _run(argv: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = [line for line in done.stderr.strip().splitlines() if "NOTICE" not in line] or ["?"]
        raise Unusable(f"The database was not restored, and is as it was: {said[0]}")
    return done.stdout


def _put_files(found: Path, instance: Path) -> None:
    """In the place of what was there, which goes last."""
    place, former = instance / "files", instance / "files.former"
    shutil.rmtree(former, ignore_errors=True)
    if place.exists():
        place.rename(former)
    if found.exists():
        found.rename(place)
    else:
        place.mkdir(mode=0o700)
    shutil.rmtree(former, ignore_errors=True)


def _finish(servers: Servers) -> None:
    """What an older release left is brought up to date; the queue and what was remembered of another time are gone."""
    from redis import Redis

    from app.cli.data import bring_up_to_date

    os.environ.update(servers.environment())
    bring_up_to_date(Config())
    with Redis.from_url(servers.redis_url) as redis:
        redis.flushdb()
