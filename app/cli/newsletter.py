"""A newsletter from whoever runs this: `newsletter send news "What came in spring" spring.md`. The file is Markdown.

`python -m app.cli newsletter …` and `flask newsletter …` are the same. It is sent by the workers, batch by batch, to
those who asked for the topic; however often they die, nobody gets it twice.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli.parts import application

#: Characters of a subject.
MOST = 200


@click.group("newsletter")
def group() -> None:
    """Write to those who asked for it."""


@group.command("send")
@click.argument("topic")
@click.argument("subject")
@click.argument("file")
def send_command(topic: str, subject: str, file: str) -> None:
    """Send FILE (Markdown) to everybody who reads TOPIC: news or tips."""
    with application() as app, app.app_context():
        sys.exit(send([topic, subject, file]))


def newsletter(arguments: list[str]) -> int:
    try:
        group.main(args=arguments, prog_name="newsletter", standalone_mode=False)
    except SystemExit as done:
        return int(done.code or 0)
    except click.ClickException as error:
        error.show()
        return 1
    return 0


def send(arguments: list[str]) -> int:
    """Inside of the application."""
    from app.accounts.commands import newsletters
    from app.accounts.models import Topic
    from app.kernel.database import db
    from app.kernel.tenancy import organization

    topic, subject, file = arguments
    try:
        body = Path(file).read_text(encoding="utf-8").strip()
        chosen = Topic(topic)
    except (OSError, UnicodeDecodeError):
        print(f"{file} cannot be read as text.", file=sys.stderr)
        return 1
    except ValueError:
        print(f"There is no topic {topic}. Topics: {', '.join(Topic)}.", file=sys.stderr)
        return 1
    if not body or not 0 < len(" ".join(subject.split())) <= MOST:
        print(f"A newsletter needs a subject of at most {MOST} characters, and a text.", file=sys.stderr)
        return 1
    with organization(None):
        readers = newsletters.count_readers(chosen)
        newsletters.send_newsletter(chosen, " ".join(subject.split()), body)
        db.session.flush()
    print(f"On its way to {readers} reader{'' if readers == 1 else 's'}.")
    return 0
