"""`second-factor off <email>`: for somebody who has lost the phone and the recovery codes. Make sure who asks."""

from __future__ import annotations

import sys


def second_factor(arguments: list[str]) -> int:
    """Take a person's second factor away; they are told by mail."""
    from app.cli.parts import application

    if len(arguments) != 2 or arguments[0] != "off":
        print("second-factor off <email>", file=sys.stderr)
        return 64
    with application() as app, app.test_request_context():
        return take_off(arguments[1])


def take_off(email: str) -> int:
    """Inside of an application: 0 when it is done, 1 with a sentence when there is nothing to do."""
    from flask import url_for

    from app.accounts.addresses import normalise
    from app.accounts.commands import take_second_factor_away, user_at
    from app.accounts.security import note_event
    from app.kernel.database import db
    from app.web.urls import outside

    user = user_at(normalise(email) or "")
    if user is None:
        print(f"There is no account with the address {email}.", file=sys.stderr)
        return 1
    if not take_second_factor_away(user.id, security=outside(url_for("accounts.show_security"))):
        print(f"{user.email} has no second factor.", file=sys.stderr)
        return 1
    note_event("two_factor.disabled", user_id=user.id, by="command line")
    db.session.commit()
    print(f"{user.email} signs in without a second factor now, and is told by mail.")
    return 0
