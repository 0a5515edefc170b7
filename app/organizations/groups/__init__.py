"""Groups: teams of people, and workspaces of projects. Nouns: `team`, `workspace`."""

from __future__ import annotations


def init_app() -> None:
    from app.kernel.events import register
    from app.organizations import joins
    from app.organizations.groups import events, joining, nouns

    register(nouns.team, events=events.OF_TEAMS)
    register(nouns.workspace, events=events.OF_WORKSPACES)
    joins.offer_place("team", joining.teams)
    joins.offer_place("workspace", joining.workspaces)
