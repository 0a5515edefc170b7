"""Organizations: tenants, members and their roles, invitations. Nouns: `organization`, `member`, `invitation`."""

from __future__ import annotations

from flask import Flask

from app.accounts import belonging
from app.accounts.pages import lead_back_with
from app.kernel.events import register
from app.organizations import events, exporting, groups, nouns, queries, settings
from app.organizations.commands import following
from app.organizations.keys import setup as keys
from app.organizations.models import initials
from app.organizations.policies import NAMES
from app.organizations.queries.faces import last_place
from app.organizations.retention import setup as retention
from app.organizations.routes import bp
from app.organizations.routes.faces import face_of
from app.organizations.routes.settings import cover_of, logo_of, moved_to
from app.organizations.sign_in_rules import lacks_second_factor
from app.organizations.sso import setup as sso
from app.web import guard


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(settings_pages=settings.PAGES, face_of=face_of, initials_of=initials)
    app.jinja_env.globals.update(logo_of=logo_of, cover_of=cover_of, role_names=NAMES)
    lead_back_with(last_place)
    belonging.follow_with(following.follow_account)
    belonging.tie_with(following.owned_alone)
    belonging.part_with(following.anonymise_person)
    belonging.shut_with(following.revoke_programs)
    exporting.init_app()
    guard.enter_with(queries.come_in)
    guard.also_ask(lacks_second_factor)
    guard.also_ask(moved_to)
    sso.init_app(app)
    keys.init_app(app)
    retention.set_up()
    register(nouns.organization, events=events.OF_ORGANIZATIONS)
    register(nouns.member, events=events.OF_MEMBERS, actions=nouns.MEMBER_ACTIONS)
    register(nouns.role, events=events.OF_ROLES, actions=nouns.ROLE_ACTIONS)
    groups.init_app()
    register(nouns.invitation, events=events.OF_INVITATIONS, actions=nouns.INVITATION_ACTIONS)
