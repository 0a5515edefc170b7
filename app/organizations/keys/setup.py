"""How API keys are put in their places."""

from __future__ import annotations

from flask import Flask

from app.kernel.events import register
from app.kernel.words import lazy
from app.organizations import events, settings
from app.organizations.keys import commands, nouns, routes, using  # noqa: F401 - routes add their views
from app.organizations.policies import P
from app.web import guard


def init_app(app: Flask) -> None:
    guard.take_keys_with(using.come_in_by_key)
    settings.add_page("organizations.list_keys", lazy("API keys"))
    register(nouns.key, events=events.OF_KEYS, actions=((P.USE_KEYS, commands.revoke_keys),))
