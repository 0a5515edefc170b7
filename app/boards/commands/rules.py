"""Whether issues may enter a state: who may make the move, and what the state asks for.

All or none: when one of many may not, none goes, and the refusal names those that stand in the way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.boards.models import Issue, IssueAssignee, IssueLabel, IssueValue
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.organizations.models import Member, Standing
from app.projects.models import IssueProperty, Mover, Needed, Project, State, StateMove, StateNeed
from app.projects.policies import role_in

#: Keys that a refusal names.
_NAMED = 5


class NotAllowed(Refused):
    """The project's rules do not let issues enter a state; nothing was changed."""


@dataclass(frozen=True)
class Had:
    """What an issue has, of what a state can ask for."""

    needed: frozenset[Needed]
    #: The properties that it says something of.
    properties: frozenset[int] = frozenset()


def check_moves(issues: Sequence[Issue], state: State, *, by: Actor) -> None:
    """Raises NotAllowed when one of these may not enter `state` from where it stands. Projects must be loaded.

    No statement for a state without rules; else two, and one for each kind of row that the state asks for.
    """
    coming = [issue for issue in issues if issue.state_id != state.id]
    if not state.is_guarded or not coming:
        return
    moves = select(StateMove).where(StateMove.to_state_id == state.id)
    movers = {move.from_state_id: move.mover for move in db.session.scalars(moves)}
    if kept_out := [issue for issue in coming if not _may_make(movers.get(issue.state_id), issue.project, by)]:
        nobody = all(movers[issue.state_id] is Mover.NOBODY for issue in kept_out)
        said = (
            _("%(keys)s cannot go to %(state)s from there.", keys=_keys(kept_out), state=state.name)
            if nobody
            else _("Only leads of the project take %(keys)s to %(state)s.", keys=_keys(kept_out), state=state.name)
        )
        raise NotAllowed(said)
    if needs := needs_of(state):
        had = _had(coming, needs)
        lacking = {issue: missing(needs, had[issue.id]) for issue in coming}
        _refuse(state, {issue.key: lacks for issue, lacks in lacking.items() if lacks})


def check_beginning(state: State, had: Had) -> None:
    """The same for an issue that is about to be made in a state: what the state asks for holds from the beginning."""
    if state.is_guarded and (lacks := missing(needs_of(state), had)):
        raise NotAllowed(
            _("%(state)s asks for %(what)s.", state=state.name, what=_(", ").join(lacks)),
        )


def needs_of(state: State) -> list[tuple[Needed, int | None, str]]:
    """What a state asks for: (what, the property, how it is called). One statement."""
    found = (
        select(StateNeed.needed, StateNeed.property_id, IssueProperty.name)
        .outerjoin(
            IssueProperty,
            (IssueProperty.organization_id == StateNeed.organization_id) & (IssueProperty.id == StateNeed.property_id),
        )
        .where(StateNeed.state_id == state.id)
        .order_by(StateNeed.id)
    )
    return [
        (needed, number, name if needed is Needed.PROPERTY else str(needed.label))
        for needed, number, name in db.session.execute(found)
    ]


def missing(needs: Collection[tuple[Needed, int | None, str]], had: Had) -> list[str]:
    """What an issue lacks, in words."""
    return [
        called
        for needed, number, called in needs
        if (number not in had.properties if needed is Needed.PROPERTY else needed not in had.needed)
    ]


def leads(project: Project, by: Actor) -> bool:
    """Whether somebody counts as a lead of a project: who leads it, and its admins. The clock is none."""
    if project.lead_id is not None and project.lead_id == by.id:
        return True
    return isinstance(by, Member) and role_in(by, project.id) is Standing.ADMIN


def _may_make(mover: Mover | None, project: Project, by: Actor) -> bool:
    return mover is None or (mover is Mover.LEADS and leads(project, by))


def _had(issues: Sequence[Issue], needs: Collection[tuple[Needed, int | None, str]]) -> dict[int, Had]:
    asked = {needed for needed, _number, _called in needs}
    ids = [issue.id for issue in issues]
    with_people = _bearing(IssueAssignee, ids) if Needed.ASSIGNEE in asked else set()
    with_labels = _bearing(IssueLabel, ids) if Needed.LABEL in asked else set()
    said: dict[int, set[int]] = {number: set() for number in ids}
    if Needed.PROPERTY in asked:
        values = select(IssueValue.issue_id, IssueValue.property_id).where(IssueValue.issue_id.in_(ids))
        for issue_id, property_id in db.session.execute(values):
            said[issue_id].add(property_id)
    return {
        issue.id: Had(
            frozenset(
                needed
                for needed, there in {
                    Needed.ASSIGNEE: issue.id in with_people,
                    Needed.LABEL: issue.id in with_labels,
                    Needed.ESTIMATE: issue.estimate_point_id is not None,
                    Needed.START_DATE: issue.start_date is not None,
                    Needed.DUE_DATE: issue.due_date is not None,
                    Needed.DESCRIPTION: issue.document_id is not None,
                }.items()
                if there
            ),
            frozenset(said[issue.id]),
        )
        for issue in issues
    }


def _bearing(rows: type[IssueAssignee] | type[IssueLabel], ids: Sequence[int]) -> set[int]:
    return set(db.session.scalars(select(rows.issue_id).where(rows.issue_id.in_(ids)).distinct()))


def _refuse(state: State, lacking: Mapping[str, list[str]]) -> None:
    if not lacking:
        return
    told = "; ".join(f"{key}: {', '.join(lacks)}" for key, lacks in list(lacking.items())[:_NAMED])
    more = len(lacking) - _NAMED
    said = _("%(state)s asks for more. %(told)s.", state=state.name, told=told)
    raise NotAllowed(said if more <= 0 else said + " " + _("And %(num)s more.", num=more))


def _keys(issues: Sequence[Issue]) -> str:
    named = ", ".join(issue.key for issue in issues[:_NAMED])
    return named if len(issues) <= _NAMED else _("%(keys)s and %(num)s more", keys=named, num=len(issues) - _NAMED)
