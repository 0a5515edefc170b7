"""Organizations: tenants, members and their roles, invitations. Nouns: `organization`, `member`, `invitation`."""

from __future__ import annotations

from flask import Flask

from app.kernel.events import register
from app.organizations import events, nouns, queries, settings
from app.organizations.routes import bp
from app.web import guard


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["settings_pages"] = settings.PAGES
    guard.enter_with(queries.come_in)
    register(nouns.organization, events=events.OF_ORGANIZATIONS)
    register(nouns.member, events=events.OF_MEMBERS, actions=nouns.MEMBER_ACTIONS)
    register(nouns.invitation, events=events.OF_INVITATIONS, actions=nouns.INVITATION_ACTIONS)
