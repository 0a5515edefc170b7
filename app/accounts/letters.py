"""The letters that accounts write, and how they get into the post.

The mailboxes' room stands above this one, so it hands in how mail is sent: `send_with(post_mail)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: (to, subject, text) -> a row that will be sent. Called inside the transaction that the letter belongs to.
_post: list[Callable[..., Any]] = []


def send_with(post: Callable[..., Any]) -> None:
    """Let the mailboxes' room say how a mail gets on its way."""
    _post[:] = [post]


def send(to: str, subject: str, text: str) -> None:
    """Put a letter into the post; it leaves when the transaction commits. Raises LookupError when there is no post."""
    if not _post:
        raise LookupError("no room sends mail: call letters.send_with")
    _post[0](to, subject, text)


def welcome(to: str, link: str) -> None:
    """Names nobody: the name was typed by whoever typed the address, and a stranger's words do not go out from us."""
    send(
        to,
        "Confirm your mail address",
        f"""Hello,

somebody, most likely you, made a Trestleboard account with this address. To confirm that it is yours, open

{link}

The link works for three days. It asks for the password that was chosen, so it is of no use to anybody else.
If this was not you, do nothing: without your confirmation the account stays shut.
""",
    )


def already_here(to: str, name: str, sign_in: str, reset: str) -> None:
    send(
        to,
        "You already have an account",
        f"""Hello {name},

somebody, most likely you, tried to make a Trestleboard account with this address. There is one already. Sign in:

{sign_in}

If the password has slipped your mind, choose a new one:

{reset}

If this was not you, there is nothing to do: nothing has changed.
""",
    )


def new_password(to: str, name: str, link: str) -> None:
    send(
        to,
        "Choose a new password",
        f"""Hello {name},

somebody, most likely you, asked for a new password for this address. To choose one, open

{link}

The link works once, for one hour. If this was not you, do nothing: your password stays as it is.
""",
    )


def password_changed(to: str, name: str, reset: str) -> None:
    send(
        to,
        "Your password was changed",
        f"""Hello {name},

the password of your Trestleboard account was just changed, and every browser was signed out.

If this was not you, somebody else can read your mail. Secure your mailbox first, then choose a new password:

{reset}
""",
    )
