"""Addresses of organizations: choosing and founding one, its settings, its members, its invitations."""

from flask import Blueprint

#: Under the organization's own slug.
bp = Blueprint("organizations", __name__)

from app.organizations.groups.routes import teams, workspaces  # noqa: E402, F401
from app.organizations.retention import routes as retention  # noqa: E402, F401
from app.organizations.routes import (  # noqa: E402, F401
    describing,
    ending,
    faces,
    founding,
    invitations,
    joining,
    members,
    roles,
    settings,
    sign_in_rules,
)
