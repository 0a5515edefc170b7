"""Projects and what work in them is sorted by."""

from app.projects.models.people import InvitationProject, ProjectMember, ProjectTeam
from app.projects.models.projects import Project
from app.projects.models.sorting import Label, State, StateGroup
from app.projects.models.tags import ProjectTag, TaggedProject, TagTeam

__all__ = [
    "InvitationProject",
    "Label",
    "Project",
    "ProjectMember",
    "ProjectTag",
    "ProjectTeam",
    "State",
    "StateGroup",
    "TagTeam",
    "TaggedProject",
]
