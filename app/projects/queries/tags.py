"""Finding tags of projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member, Standing, Team
from app.projects.models import Project, ProjectTag, TaggedProject, TagTeam
from app.projects.policies import visible_to


def all_tags() -> Sequence[ProjectTag]:
    """By name."""
    return db.session.scalars(select(ProjectTag).order_by(func.lower(ProjectTag.name), ProjectTag.id)).all()


def tag_by_id(member: Member, tag_id: int) -> ProjectTag:
    """Raises NotFound."""
    tag = db.session.scalars(select(ProjectTag).where(ProjectTag.id == tag_id)).first()
    if tag is None:
        raise NotFound
    return tag


def tags_by_ids(ids: Sequence[int]) -> list[ProjectTag]:
    """Raises NotFound when one is not there."""
    found = [tag for tag in all_tags() if tag.id in set(ids)]
    if len(found) != len(set(ids)):
        raise NotFound
    return found


def tags_of(projects: Sequence[Project]) -> dict[int, list[ProjectTag]]:
    """{project id: its tags, by name}. One statement."""
    found: defaultdict[int, list[ProjectTag]] = defaultdict(list)
    rows = (
        select(TaggedProject.project_id, ProjectTag)
        .join(
            ProjectTag,
            (ProjectTag.organization_id == TaggedProject.organization_id) & (ProjectTag.id == TaggedProject.tag_id),
        )
        .where(TaggedProject.project_id.in_([project.id for project in projects]))
    )
    for project_id, tag in db.session.execute(rows.order_by(func.lower(ProjectTag.name), ProjectTag.id)):
        found[project_id].append(tag)
    return found


def tag_counts(member: Member) -> dict[int, int]:
    """{tag id: the projects that a member sees and that bear it}. One statement."""
    seen = select(Project.id).where(visible_to(member))
    counted = select(TaggedProject.tag_id, func.count()).where(TaggedProject.project_id.in_(seen))
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(TaggedProject.tag_id))}


def teams_of_tags(tags: Sequence[ProjectTag]) -> dict[int, list[tuple[Team, Standing]]]:
    """{tag id: the teams that work on it, by name}. One statement."""
    found: defaultdict[int, list[tuple[Team, Standing]]] = defaultdict(list)
    rows = (
        select(TagTeam.tag_id, Team, TagTeam.role)
        .join(Team, (Team.organization_id == TagTeam.organization_id) & (Team.id == TagTeam.team_id))
        .where(TagTeam.tag_id.in_([tag.id for tag in tags]), Team.deleted_at.is_(None))
    )
    for tag_id, team, role in db.session.execute(rows.order_by(func.lower(Team.name), Team.id)):
        found[tag_id].append((team, role))
    return found
