"""Finding projects and what belongs to them."""

from app.projects.queries.people import members_of, people_counts, people_of
from app.projects.queries.projects import (
    deleted_project,
    deleted_projects_of,
    leads_of,
    project_by_identifier,
    project_keys,
    project_with,
    projects_of,
    taken_identifiers,
)
from app.projects.queries.sorting import (
    all_types,
    default_type_of,
    label_of,
    labels_of,
    own_labels_of,
    paths_of,
    points_of,
    state_of,
    states_of,
    type_of,
    types_of,
    used_types,
)

__all__ = [
    "all_types",
    "default_type_of",
    "deleted_project",
    "deleted_projects_of",
    "label_of",
    "labels_of",
    "leads_of",
    "members_of",
    "own_labels_of",
    "paths_of",
    "people_counts",
    "people_of",
    "points_of",
    "project_by_identifier",
    "project_keys",
    "project_with",
    "projects_of",
    "state_of",
    "states_of",
    "taken_identifiers",
    "type_of",
    "types_of",
    "used_types",
]
