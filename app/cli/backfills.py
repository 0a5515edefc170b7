"""Work on old rows: `backfills list`, `run` it here and now, `pause` and `resume`, and `again`."""

from __future__ import annotations

import sys

import click

from app.cli import groups
from app.cli.parts import application


@click.group("backfills")
def group() -> None:
    """What new code still has to do to rows that were there before."""


@group.command("list")
def list_backfills() -> None:
    """How far each is."""
    with application() as app, app.app_context():
        from app.kernel.backfills import standing

        for row in standing():
            print(f"{row.name:<28} {_state(row):<10} {row.rows_done:>10,} rows  {row.error or row.says}")


@group.command("run")
def run_backfills() -> None:
    """Do what is due here, until nothing is left; a worker that is at it goes on. Can be stopped at any moment."""
    with application() as app, app.app_context():
        from app.kernel.backfills import run_slice, standing

        slices = 0
        while run_slice():
            slices += 1
            if sys.stderr.isatty():
                print(f"\r{slices} slices", end="", file=sys.stderr, flush=True)
        left = [row for row in standing() if row.finished_at is None]
        for row in left:
            print(f"{row.name}: {_state(row)} {row.error or ''}")
        if not left:
            print("Nothing is left to do.")
        raise click.exceptions.Exit(1 if any(row.error for row in left) else 0)


def _change(name: str, what: str) -> None:
    with application() as app, app.app_context():
        from app.kernel import backfills as known
        from app.kernel.database import db
        from app.kernel.errors import NotFound

        act = {"pause": known.pause, "resume": known.resume, "again": known.begin_again}[what]
        try:
            act(name)
        except NotFound:
            print(f"There is no backfill {name}.", file=sys.stderr)
            raise click.exceptions.Exit(1) from None
        db.session.commit()


@group.command()
@click.argument("name")
def pause(name: str) -> None:
    """Let it rest after the slice in hand."""
    _change(name, "pause")


@group.command()
@click.argument("name")
def resume(name: str) -> None:
    """Let it go on where it stopped."""
    _change(name, "resume")


@group.command()
@click.argument("name")
def again(name: str) -> None:
    """Do it once more from the beginning."""
    _change(name, "again")


def _state(row: object) -> str:
    for name, word in (("finished_at", "done"), ("paused_at", "paused"), ("error", "fails")):
        if getattr(row, name):
            return word
    return "runs"


def backfills(arguments: list[str]) -> int:
    """The same without Flask's command line."""
    return groups.run(group, arguments)
