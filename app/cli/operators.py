"""Who looks after the installation: `operators add|remove|list`. The console's door is an account, so begin here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from app.cli import groups
from app.cli.parts import application

if TYPE_CHECKING:
    from app.accounts.models import User


@click.group("operators")
def group() -> None:
    """Who may open the console at /operator."""


@group.command()
@click.argument("email")
def add(email: str) -> None:
    """Let an account open the console."""
    _set(email, True)


@group.command()
@click.argument("email")
def remove(email: str) -> None:
    """Let it open the console no more. Here the last one may go, too."""
    _set(email, False)


@group.command("list")
def list_operators() -> None:
    """Everybody who may."""
    with application() as app, app.app_context():
        from sqlalchemy import select

        from app.accounts.models import User
        from app.kernel.database import db

        for user in db.session.scalars(select(User).where(User.is_operator).order_by(User.email)):
            print(user.email, "(shut)" if user.deactivated_at else "")


def _set(email: str, yes: bool) -> None:
    with application() as app, app.app_context():
        from app.kernel.database import db

        user = _account(email)
        if user is None:
            print(f"There is no account with the address {email}: sign up with it first.", file=sys.stderr)
            raise click.exceptions.Exit(1)
        if yes and user.email_verified_at is None:
            print(f"{email} is not proved yet: open the link in its letter first.", file=sys.stderr)
            raise click.exceptions.Exit(1)
        user.is_operator = yes
        _remember(user.id, yes)
        db.session.commit()
        print(f"{user.email} {'opens the console at /operator' if yes else 'opens the console no more'}.")


def _account(email: str) -> User | None:
    from sqlalchemy import select

    from app.accounts.models import User
    from app.kernel.database import db

    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def _remember(user_id: int, yes: bool) -> None:
    from app.accounts.models import SecurityEvent
    from app.kernel.database import db

    kind = "operator.made" if yes else "operator.unmade"
    db.session.add(SecurityEvent(kind=kind, user_id=user_id, agent="command line", details={}))


def operators(arguments: list[str]) -> int:
    """The same without Flask's command line."""
    return groups.run(group, arguments)
