"""Saying how colleagues sign in."""

from __future__ import annotations

from app.accounts import second_factors
from app.kernel import live
from app.kernel.errors import Invalid
from app.kernel.ledger import change
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.models import Member, Organization


def require_two_factor(organization: Organization, required: bool, *, by: Member) -> None:
    """Ask a second factor of every colleague's browser, or no longer. It holds from everybody's next page on.

    Raises Invalid (at `required`) for who has none: they would shut themselves out.
    """
    if required and not (by.user_id and second_factors.is_set_up(by.user_id)):
        raise Invalid(_("Set up two-factor sign-in for yourself first."), "required")
    with change(organization, event=events.ORGANIZATION_CHANGED, by=by):
        organization.two_factor_required = required
    live.touch("any-member")  # what was drawn for browsers that were let in a moment ago is drawn no more
