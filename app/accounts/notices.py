"""The letters about an account's end, its return, and the copy of one's data. Each in its reader's language."""

from __future__ import annotations

from app.accounts import letters
from app.accounts.models import User
from app.kernel.words import gettext as _
from app.kernel.words import reading


def deactivated(user: User, restore: str) -> None:
    with reading(user.language):
        letters.send(
            user.email,
            _("Your account is deactivated"),
            _(
                """Hello %(name)s,

your Trestleboard account is deactivated: every browser is signed out, and no mail is sent to you any more. What you
wrote stays where it is. To come back, open

%(restore)s

The link works for 30 days; after that the sign-in page has a way to ask for a new one.
If this was not you, come back by the link and choose a new password.
""",
                name=user.name,
                restore=restore,
            ),
        )


def deletion_asked(user: User, day: str, restore: str) -> None:
    with reading(user.language):
        letters.send(
            user.email,
            _("Your account will be deleted on %(day)s", day=day),
            _(
                """Hello %(name)s,

your Trestleboard account is shut, and will be deleted on %(day)s: your name and address, how you signed in, your
picture, your private details and what you kept for yourself. What you wrote for others stays, under “Former member”.

To keep the account, open this before that day:

%(restore)s
""",
                name=user.name,
                day=day,
                restore=restore,
            ),
        )


def deletion_waits(user: User, names: str, restore: str) -> None:
    with reading(user.language):
        letters.send(
            user.email,
            _("Your account could not be deleted yet"),
            _(
                """Hello %(name)s,

you asked for your Trestleboard account to be deleted. In the meantime you became the only owner of: %(names)s.
Somebody has to look after that. Come back by the link below and make somebody else an owner, or delete it:

%(restore)s

We look again in a week.
""",
                name=user.name,
                names=names,
                restore=restore,
            ),
        )


def restoration(user: User, restore: str) -> None:
    with reading(user.language):
        letters.send(
            user.email,
            _("Restore your account"),
            _(
                """Hello %(name)s,

somebody, most likely you, asked for your deactivated Trestleboard account to be restored. To do so, open

%(restore)s

If this was not you, there is nothing to do.
""",
                name=user.name,
                restore=restore,
            ),
        )


def export_ready(user: User, page: str, days: int) -> None:
    with reading(user.language):
        letters.send(
            user.email,
            _("The copy of your data is ready"),
            _(
                """Hello %(name)s,

the copy of your data that you asked for is ready. Take it within %(days)s days:

%(page)s

You have to be signed in, and to prove once more that it is you.
""",
                name=user.name,
                page=page,
                days=days,
            ),
        )
