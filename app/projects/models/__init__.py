"""Projects and what work in them is sorted by."""

from app.projects.models.estimates import Estimate, EstimateKind, EstimatePoint
from app.projects.models.grouping import ProjectGroup, ProjectTemplate
from app.projects.models.people import InvitationProject, ProjectMember, ProjectTeam
from app.projects.models.projects import Feature, Project, ProjectStatus
from app.projects.models.rules import Mover, Needed, StateMove, StateNeed
from app.projects.models.sorting import Label, State, StateGroup
from app.projects.models.tags import ProjectTag, TaggedProject, TagTeam
from app.projects.models.types import IssueProperty, IssueType, ProjectIssueType, PropertyKind, PropertyOption

__all__ = [
    "Estimate",
    "EstimateKind",
    "EstimatePoint",
    "Feature",
    "InvitationProject",
    "IssueProperty",
    "IssueType",
    "Label",
    "Mover",
    "Needed",
    "Project",
    "ProjectGroup",
    "ProjectIssueType",
    "ProjectMember",
    "ProjectStatus",
    "ProjectTag",
    "ProjectTeam",
    "ProjectTemplate",
    "PropertyKind",
    "PropertyOption",
    "State",
    "StateGroup",
    "StateMove",
    "StateNeed",
    "TagTeam",
    "TaggedProject",
]
