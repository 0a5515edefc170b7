"""What is said and kept about the work of an archived project: it is read only, too."""

from __future__ import annotations

from typing import Any

from app.kernel.database import current_organization_id, db
from app.kernel.errors import Refused
from app.kernel.events import noun_named
from app.kernel.words import gettext as _
from app.projects.policies import is_archived, project_of

#: Permissions of rooms below, which know nothing of projects: what they are asked for is looked at here.
_ABOUT = ("comment:", "attachment:", "link:")


def refuse_in_archived(permission: str, on: Any = None) -> None:
    """Raises Refused for a change of what stands with a thing in an archived project."""
    if on is None or not permission.startswith(_ABOUT):
        return
    number = project_of(_thing(on))
    if number is not None and is_archived(number):
        raise Refused(_("This project is archived, so nothing in it changes. Bring it back first."))


def _thing(on: Any) -> Any:
    """What a comment or file stands with, else the thing itself."""
    if hasattr(on, "noun") and hasattr(on, "subject_id"):
        model: Any = noun_named(on.noun).model
        return db.session.get(model, (current_organization_id(), on.subject_id))
    return on
