"""Groups of commands that are the same under `python -m app.cli …` and `flask …`."""

from __future__ import annotations

import click

EX_USAGE = 64


def run(group: click.Group, arguments: list[str]) -> int:
    """One of a group's commands, without Flask's command line. Its exit code."""
    try:
        found = group.main(args=arguments, prog_name=group.name, standalone_mode=False)
    except SystemExit as done:
        return int(done.code or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return EX_USAGE
    return found if isinstance(found, int) else 0
