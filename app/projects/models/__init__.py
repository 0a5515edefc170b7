"""Projects and what work in them is sorted by."""

from app.projects.models.people import ProjectMember
from app.projects.models.projects import Project
from app.projects.models.sorting import Label, State, StateGroup

__all__ = ["Label", "Project", "ProjectMember", "State", "StateGroup"]
