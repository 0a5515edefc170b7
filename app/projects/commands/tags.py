"""Tags of projects: made, changed, deleted; which projects bear them, and which teams work on them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Standing, Team
from app.projects import events
from app.projects.commands.people import access_changed
from app.projects.models import Project, ProjectTag, TaggedProject, TagTeam


def create_tag(name: str, *, hue: int = 6, description: str = "", by: Actor) -> ProjectTag:
    """Raises Invalid (at `name`) for a name that is taken."""
    tag = ProjectTag(name=name, hue=hue, description=description)
    try:
        with db.session.begin_nested():
            db.session.add(tag)
    except IntegrityError as error:
        raise Invalid(_("There is already a tag %(name)s.", name=name), "name") from error
    ledger.record_created(events.TAG_CREATED, [tag], by=by)
    access_changed(())
    return tag


def edit_tag(tag: ProjectTag, *, name: str, hue: int, description: str, by: Actor) -> None:
    """Raises Invalid as `create_tag`."""
    try:
        with ledger.change(tag, event=events.TAG_EDITED, by=by), db.session.begin_nested():
            tag.name, tag.hue, tag.description = name, hue, description
    except IntegrityError as error:
        raise Invalid(_("There is already a tag %(name)s.", name=name), "name") from error
    access_changed(())


def delete_tags(tags: Sequence[ProjectTag], *, by: Actor) -> None:
    """No project bears them any more, and what teams saw through them alone is closed to them."""
    ids = [tag.id for tag in tags]
    bearing = db.session.scalars(select(TaggedProject.project_id).where(TaggedProject.tag_id.in_(ids))).all()
    with ledger.change(*tags, event=events.TAG_DELETED, by=by, always=True):
        pass
    for rows in (TaggedProject, TagTeam):
        db.session.execute(delete(rows).where(rows.tag_id.in_(ids)))
    for tag in tags:
        db.session.delete(tag)
    db.session.flush()
    access_changed(bearing)


def tag_projects(projects: Sequence[Project], tags: Sequence[ProjectTag], *, by: Actor) -> None:
    """Let each of these projects bear these tags and no others."""
    ids = [project.id for project in projects]
    bearing: dict[int, list[int]] = {project_id: [] for project_id in ids}
    held = select(TaggedProject.project_id, TaggedProject.tag_id).where(TaggedProject.project_id.in_(ids))
    for project_id, tag_id in db.session.execute(held.order_by(TaggedProject.tag_id)):
        bearing[project_id].append(tag_id)
    wanted = sorted(tag.id for tag in tags)
    differing = [project for project in projects if bearing[project.id] != wanted]
    if not differing:
        return
    db.session.execute(
        delete(TaggedProject).where(
            TaggedProject.project_id.in_([project.id for project in differing]), TaggedProject.tag_id.not_in(wanted)
        )
    )
    rows = [
        {"organization_id": current_organization_id(), "project_id": project.id, "tag_id": tag_id}
        for project in differing
        for tag_id in wanted
    ]
    if rows:
        db.session.execute(insert(TaggedProject).on_conflict_do_nothing(), rows)
    ledger.record(events.TAGGED, [(project, {"tags": [bearing[project.id], wanted]}) for project in differing], by=by)
    access_changed([project.id for project in differing])


def put_teams_on_tag(tag: ProjectTag, teams: Sequence[Team], *, role: Standing, by: Actor) -> None:
    """Open each project that bears a tag to everybody of teams, or change what those are there."""
    if not teams:
        return
    values = [
        {"organization_id": current_organization_id(), "tag_id": tag.id, "team_id": team.id, "role": role}
        for team in teams
    ]
    added = insert(TagTeam).values(values)
    db.session.execute(
        added.on_conflict_do_update(
            index_elements=["organization_id", "tag_id", "team_id"], set_={"role": added.excluded.role}
        )
    )
    _tell(tag, by)


def take_teams_off_tag(tag: ProjectTag, teams: Sequence[Team], *, by: Actor) -> None:
    """Who has no other way into the projects that bear it sees them no more."""
    db.session.execute(
        delete(TagTeam).where(TagTeam.tag_id == tag.id, TagTeam.team_id.in_([team.id for team in teams]))
    )
    _tell(tag, by)


def _tell(tag: ProjectTag, by: Actor) -> None:
    ledger.record(events.TAG_TEAMS_CHANGED, [(tag, {})], by=by)
    access_changed(db.session.scalars(select(TaggedProject.project_id).where(TaggedProject.tag_id == tag.id)).all())
