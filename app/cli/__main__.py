"""`python -m app.cli <command>`: one sentence and exit code 1 when something is wrong, never a traceback for it."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from app.adapters.embedded import EmbeddedError
from config import ConfigurationError

#: Command: (where it is, what it does).
COMMANDS = {
    "run": ("app.cli.serve:run", "start web, worker and scheduler, with the embedded servers, and stop them together"),
    "psql": ("app.cli.psql:psql", "open the database as its owner; starts the embedded server if nobody runs it"),
    "migrate": ("app.cli.data:migrate", "bring the database up to date"),
    "revision": ("app.cli.data:revision", 'write the next migration from the models: revision "what it is"'),
    "demo": ("app.cli.data:demo", "fill an empty database with the demo organization"),
    "reindex": ("app.cli.data:reindex", "write what search knows anew, in every organization"),
    "prepare": ("app.cli.data:prepare", "check the servers, migrate, fill an empty database (a part of `run`)"),
    "newsletter": ("app.cli.newsletter:newsletter", "write to those who asked: newsletter send TOPIC SUBJECT FILE.md"),
    "mail": ("app.cli.mail:mail", "take a raw mail in: mail receive [--to address] < message.eml; mail list"),
    "words": ("app.cli.words:words", "collect marked sentences, bring languages up to date: words de begins German"),
    "operators": ("app.cli.operators:operators", "who looks after the installation: operators add|remove|list <email>"),
    "second-factor": ("app.cli.second_factor:second_factor", "for who lost phone and codes: second-factor off <email>"),
    "backfills": ("app.cli.backfills:backfills", "work on old rows: backfills list|run|pause|resume|again"),
    "keys": ("app.cli.keys:keys", "what secrets are encrypted with: keys status|rotate|drop"),
    "backup": ("app.cli.backup:backup", "write database, files and keys' marks into one file: backup [file]"),
    "restore": ("app.cli.restore:restore", "read such a file into an empty instance: restore <file>"),
    "worker": ("app.cli.parts:worker", "perform jobs"),
    "scheduler": ("app.cli.parts:scheduler", "wake timers"),
}


def main(arguments: list[str]) -> int:
    name, *rest = arguments or ["help"]
    if name not in COMMANDS:
        out = sys.stdout if name in ("help", "--help", "-h") else sys.stderr
        width = max(map(len, COMMANDS))
        print(*(f"{command:<{width}}  {what}" for command, (_, what) in COMMANDS.items()), sep="\n", file=out)
        return 0 if out is sys.stdout else 1
    os.umask(0o077)  # whatever we make in the instance folder is nobody else's
    module, _, function = COMMANDS[name][0].partition(":")
    try:
        return int(getattr(import_module(module), function)(rest))
    except (ConfigurationError, EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
