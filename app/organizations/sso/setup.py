"""How the organization's own sign-in is put in its places."""

from __future__ import annotations

from flask import Flask

from app.accounts import confinement, providers
from app.kernel.events import register
from app.kernel.words import lazy
from app.organizations import events, settings
from app.organizations.policies import P
from app.organizations.sign_in_rules import add_section
from app.organizations.sso import commands, nouns, queries, routes, rule  # noqa: F401 - routes add their views
from app.organizations.sso.source import Connections
from app.web import guard


def init_app(app: Flask) -> None:
    providers.add_source("sso", Connections())
    confinement.ask_elsewhere_with(queries.is_member_elsewhere)
    confinement.lead_home_with(queries.home_of_organization)
    guard.also_ask(rule.lacks_own_sign_in)
    add_section("organizations/sso/_rule.html", rule.shown)
    settings.add_page("organizations.list_connections", lazy("Single sign-on"))
    register(
        nouns.connection,
        events=events.OF_CONNECTIONS,
        actions=((P.SIGN_IN, commands.delete_connections),),
    )
