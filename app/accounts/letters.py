"""The letters that accounts write, and how they get into the post.

The mailboxes' room stands above this one, so it hands in how mail is sent: `send_with(post_mail)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.kernel.words import gettext as _
from app.kernel.words import ngettext

#: (to, subject, text) -> a row that will be sent. Called inside the transaction that the letter belongs to.
_post: list[Callable[..., Any]] = []


def send_with(post: Callable[..., Any]) -> None:
    """Let the mailboxes' room say how a mail gets on its way."""
    _post[:] = [post]


def send(to: str, subject: str, text: str, **more: Any) -> None:
    """Put a letter into the post; it leaves when the transaction commits. Raises LookupError when there is no post."""
    if not _post:
        raise LookupError("no room sends mail: call letters.send_with")
    _post[0](to, subject, text, **more)


def welcome(to: str, link: str) -> None:
    """Names nobody: the name was typed by whoever typed the address, and a stranger's words do not go out from us."""
    send(
        to,
        _("Confirm your mail address"),
        _(
            """Hello,

somebody, most likely you, made a Trestleboard account with this address. To confirm that it is yours, open

%(link)s

The link works for three days. It asks for the password that was chosen, so it is of no use to anybody else.
If this was not you, do nothing: without your confirmation the account stays shut.
""",
            link=link,
        ),
    )


def already_here(to: str, name: str, sign_in: str, reset: str) -> None:
    send(
        to,
        _("You already have an account"),
        _(
            """Hello %(name)s,

somebody, most likely you, tried to make a Trestleboard account with this address. There is one already. Sign in:

%(sign_in)s

If the password has slipped your mind, choose a new one:

%(reset)s

If this was not you, there is nothing to do: nothing has changed.
""",
            name=name,
            sign_in=sign_in,
            reset=reset,
        ),
    )


def new_password(to: str, name: str, link: str) -> None:
    send(
        to,
        _("Choose a new password"),
        _(
            """Hello %(name)s,

somebody, most likely you, asked for a new password for this address. To choose one, open

%(link)s

The link works once, for one hour. If this was not you, do nothing: your password stays as it is.
""",
            name=name,
            link=link,
        ),
    )


def password_changed(to: str, name: str, reset: str) -> None:
    send(
        to,
        _("Your password was changed"),
        _(
            """Hello %(name)s,

the password of your Trestleboard account was just changed, and every browser was signed out.

If this was not you, somebody else can read your mail. Secure your mailbox first, then choose a new password:

%(reset)s
""",
            name=name,
            reset=reset,
        ),
    )


def way_in(to: str, link: str) -> None:
    """Names nobody, as the letter that welcomes: the address may not be proved yet."""
    send(
        to,
        _("Your link to sign in"),
        _(
            """Hello,

somebody, most likely you, asked for a link to sign in to Trestleboard. To sign in, open

%(link)s

The link works once, for a quarter of an hour. If this was not you, do nothing: nobody was let in.
""",
            link=link,
        ),
    )


def proof(to: str, name: str, link: str) -> None:
    send(
        to,
        _("Show that it is you"),
        _(
            """Hello %(name)s,

before a sensitive page opens, we make sure that it is you. In the browser that you are signed in with, open

%(link)s

The link works once, for a quarter of an hour. If you did not ask for it, somebody else may sit at a browser of yours:
sign all of them out in your account, under “Where you are signed in”.
""",
            name=name,
            link=link,
        ),
    )


def second_factor_on(to: str, name: str, security: str) -> None:
    send(
        to,
        _("Two-factor sign-in is on"),
        _(
            """Hello %(name)s,

signing in to your Trestleboard account now takes a code from your authenticator app, too. Other browsers were
signed out.

If this was not you, choose a new password at once, and write to whoever runs this installation. Your account:

%(security)s
""",
            name=name,
            security=security,
        ),
    )


def second_factor_off(to: str, name: str, security: str) -> None:
    send(
        to,
        _("Two-factor sign-in is off"),
        _(
            """Hello %(name)s,

signing in to your Trestleboard account takes no code any more. Organizations that ask for one stay shut until you
set it up again:

%(security)s

If this was not you, choose a new password at once.
""",
            name=name,
            security=security,
        ),
    )


def recovery_code_used(to: str, name: str, left: int) -> None:
    send(
        to,
        _("A recovery code was used"),
        _(
            """Hello %(name)s,

a recovery code of your Trestleboard account was just used in place of your authenticator app. %(left)s

If this was not you, choose a new password at once and make new recovery codes.
""",
            name=name,
            left=ngettext("%(num)s code is left.", "%(num)s codes are left.", left),
        ),
    )
