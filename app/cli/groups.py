"""Groups of commands that are the same under `python -m app.cli …` and `flask …`."""

from __future__ import annotations

import sys

import click

EX_USAGE = 64


def run(group: click.Group, arguments: list[str]) -> int:
    """One of a group's commands, without Flask's command line. Its exit code."""
    from redis import RedisError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        found = group.main(args=arguments, prog_name=group.name, standalone_mode=False)
    except SystemExit as done:
        return int(done.code or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return EX_USAGE
    except (SQLAlchemyError, RedisError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        print(f"This cannot be done now: {said[0] if said else error}. Is it migrated?", file=sys.stderr)
        return 1
    return found if isinstance(found, int) else 0
