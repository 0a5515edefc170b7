"""Mail from the system's own mail server, and what came of it: `mail receive < message.eml`, `mail list`.

`python -m app.cli mail …` and `flask mail …` are the same. Exit codes are those that mail servers know: 0 when the mail
is kept, also when nobody could read it; 65 when it is too large to ever be; 75 when it should be tried again later.
"""

from __future__ import annotations

import io
import os
import sys

import click

from app.cli.parts import application

EX_USAGE, EX_DATAERR, EX_TEMPFAIL = 64, 65, 75


@click.group("mail")
def group() -> None:
    """Take mail in, and see what became of it."""
    os.umask(0o077)


@group.command()
@click.option("--to", metavar="ADDRESS", help="The address it was sent to. Without it the headers are asked.")
def receive(to: str | None) -> None:
    """Take one raw mail from standard input. It is filed by a job, as soon as a worker runs."""
    sys.exit(_receive(to))


@group.command("list")
@click.option("--unreadable", "only", flag_value="unreadable", help="What could not be taken apart.")
@click.option("--unroutable", "only", flag_value="unroutable", help="What was sent to nobody's address.")
@click.option("--failed", "only", flag_value="failed", help="What could not be filed.")
@click.option("--most", default=50, show_default=True, help="Lines, newest first.")
def list_mails(only: str | None, most: int) -> None:
    """List what could not be filed, of all organizations."""
    sys.exit(_list(only, most))


def mail(arguments: list[str]) -> int:
    """The same without Flask's command line, for mail servers: nothing is loaded that can fail unheard."""
    try:
        group.main(args=arguments, prog_name="mail", standalone_mode=False)
    except SystemExit as done:
        return int(done.code or 0)
    except click.ClickException as error:
        error.show()
        return EX_USAGE
    return 0


def _receive(to: str | None) -> int:
    from app.adapters.files import TooLarge

    raw = sys.stdin.buffer.read()
    try:
        with application() as app, app.app_context():
            from app.mailboxes.commands import receive_mail

            receipt = receive_mail(io.BytesIO(raw), to=to)
    except TooLarge as error:
        print(error, file=sys.stderr)
        return EX_DATAERR
    except Exception as error:  # noqa: BLE001 - whatever it is, the mail server shall keep the mail and try again
        print(f"The mail cannot be stored now: {_reason(error)}", file=sys.stderr)
        return EX_TEMPFAIL
    where = "of an organization" if receipt.organization_id else "that is nobody's"
    again = ", which had come before" if receipt.repeated else ""
    print(f"Stored as mail {receipt.mail_id} for {receipt.address or 'no address'}, an address {where}{again}.")
    return 0


def _list(only: str | None, most: int) -> int:
    try:
        with application() as app, app.app_context():
            from app.mailboxes.queries import troubled_everywhere

            for mail in troubled_everywhere(only, most):
                said = f"{mail.received_at:%Y-%m-%d %H:%M} UTC  {mail.fate.value:<10}  {mail.address or '-':<30}"
                print(f"{mail.id:>8}  {said}  {mail.sender_address or '-':<30}  {mail.subject or '-'}  {mail.reason}")
    except Exception as error:  # noqa: BLE001 - one sentence for the operator
        print(f"The mails cannot be listed: {_reason(error)}", file=sys.stderr)
        return 1
    return 0


def _reason(error: Exception) -> str:
    """One line; never the statement or its values, which are people's mail."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0] if said else type(error).__name__
