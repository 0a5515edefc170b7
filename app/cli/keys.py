"""The instance's secret, changed while everything runs: `keys status`, `keys rotate`, `keys drop`.

Our own secret stands in the instance folder, newest first. Rotating puts a new one before it, which every process takes
up by itself, then encrypts anew what is encrypted. A secret of the environment (TRESTLE_SECRET) is changed there, by
whoever put it there; `rotate` then does the rest.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import groups
from app.cli.parts import application

if TYPE_CHECKING:
    import sqlalchemy as sa
    from flask import Flask

    from app.kernel.rotation import Standing

#: Days that a browser stays signed in without coming back, and so a cookie may be signed with an older key.
SIGNED = 30


@click.group("keys")
def group() -> None:
    """What secrets are encrypted and signed with."""


@group.command()
def status() -> None:
    """How much is encrypted with which key."""
    with application() as app, app.app_context():
        _tell(_standing(app), len(_known(app)))


@group.command()
def rotate() -> None:
    """Make a new key and encrypt everything with it. Killed in the middle: say it again, it goes on."""
    with application() as app, app.app_context():
        file = app.extensions["trestleboard"].secret_file
        known = _known(app)
        if file is not None and not _is_unfinished(_standing(app)):
            known = [secrets.token_urlsafe(48), *known]
            _write(file, known)
            print("A new key is made; everything that runs takes it up by itself.")
        elif file is not None:
            print("A rotation was not finished: it goes on, without another key.")
        elif len(known) == 1:
            print(
                "TRESTLE_SECRET holds one key. Put a new one before it, parted by a comma, start everything again, and"
                " say this once more.",
                file=sys.stderr,
            )
            raise click.exceptions.Exit(1)
        _encrypt(app, known)


@group.command()
@click.option(
    "--now", "at_once", is_flag=True, help=f"Not only after {SIGNED} days: who is signed in may have to again."
)
def drop(at_once: bool) -> None:
    """Forget every key but the newest, once nothing is encrypted with it and no cookie can be signed with it."""
    with application() as app, app.app_context():
        file = app.extensions["trestleboard"].secret_file
        known = _known(app)
        if len(known) == 1:
            print("There is one key; nothing is to be dropped.")
            return
        old = sum(count for one in _standing(app) for place, count in one.by_key.items() if place)
        if old:
            print(f"{old:,} values are still encrypted with an older key: say `keys rotate` first.", file=sys.stderr)
            raise click.exceptions.Exit(1)
        if file is None:
            print("Nothing is encrypted with the older keys: take them out of TRESTLE_SECRET.")
            return
        age = (time.time() - file.stat().st_mtime) / 86400
        if age < SIGNED and not at_once:
            wait = int(SIGNED - age) + 1
            print(
                f"Browsers may hold cookies of the older key for {wait} days; --now drops it at once.", file=sys.stderr
            )
            raise click.exceptions.Exit(1)
        _write(file, known[:1])
        print("One key is left. Links and answering addresses in old mails do not work any more.")


def _known(app: Flask) -> list[str]:
    return [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]]


def _owner() -> sa.Engine:
    import sqlalchemy as sa

    from app.kernel.database import driver_url

    return sa.create_engine(driver_url(os.environ["DATABASE_URL"]), poolclass=sa.NullPool)


def _standing(app: Flask) -> list[Standing]:
    from app.kernel.rotation import standing

    return standing(_owner(), _known(app))


def _is_unfinished(found: list[Standing]) -> bool:
    return any(count and place for one in found for place, count in one.by_key.items())


def _encrypt(app: Flask, known: list[str]) -> None:
    from app.kernel.rotation import rotate as encrypt_anew

    def progress(column: object, looked: int, written: int) -> None:
        print(f"{getattr(column, 'says', '')}: {looked:,} looked at, {written:,} encrypted anew", flush=True)

    written = encrypt_anew(_owner(), known, progress)
    print(f"{written:,} values are encrypted with the newest key.")
    from app.kernel.rotation import standing

    _tell(standing(_owner(), known), len(known))


def _tell(found: list[Standing], keys: int) -> None:
    print(f"{keys} key{'s' if keys > 1 else ''}, the newest first.")
    for one in found:
        said = [
            f"{count:,} by key {place + 1}" if place is not None else f"{count:,} that no key opens"
            for place, count in sorted(one.by_key.items(), key=lambda pair: (pair[0] is None, pair[0]))
        ]
        print(f"  {one.column.says}: {', '.join(said) or 'none'}")


def _write(file: Path, known: list[str]) -> None:
    """Whole or not at all; the former file stays until the new one is on the disk."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(",".join(known))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def keys(arguments: list[str]) -> int:
    """The same without Flask's command line."""
    return groups.run(group, arguments)
