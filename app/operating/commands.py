"""What operators do: each inside the organization whose rows it concerns, and each a security event."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from app.accounts import sessions
from app.accounts.models import User
from app.accounts.security import note_event
from app.adapters import files
from app.kernel import outcomes, timers
from app.kernel.access import CLOCK
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound, Refused
from app.kernel.jobs import ask, redis, send
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.kernel.words import gettext as _
from app.mailboxes.commands import dismiss_mails, file_again
from app.mailboxes.commands.addresses import find_address
from app.mailboxes.commands.receiving import receive_mail
from app.mailboxes.models import IncomingMail, OutgoingMail
from app.organizations.commands.settings import set_plan as set_plan_of
from app.organizations.models import Organization, Plan


def try_job_again(key: str, *, by: int) -> None:
    """Send a job that failed once more. Raises NotFound when it is off the list, RedisError."""
    failure = outcomes.take(redis(), key)
    if failure is None:
        raise NotFound
    send(failure.job, failure.organization_id, tuple(failure.arguments), f"again-{key}")
    note_event("operator.job_tried_again", user_id=by, job=failure.job)


def forget_failure(key: str, *, by: int) -> None:
    """Raises NotFound, RedisError."""
    failure = outcomes.take(redis(), key)
    if failure is None:
        raise NotFound
    note_event("operator.failure_forgotten", user_id=by, job=failure.job)


def ring_now(organization_id: int, timer_id: int, *, by: int) -> None:
    """Make a timer due, also one that was given up. The scheduler sends it within seconds. Raises NotFound."""
    row = timers.Timer
    with organization(organization_id):
        due = update(row).where(row.organization_id == organization_id, row.id == timer_id)
        values = {"wake_at": func.least(row.wake_at, now()), "attempts": 0, "claimed_until": None}
        found = db.session.execute(due.values(values).returning(row.alarm)).scalar()
        if found is None:
            raise NotFound
        note_event("operator.timer_rung", user_id=by, organization=organization_id, alarm=found)


def dispatch_now(organization_id: int, *, by: int) -> None:
    """Tell what is owed in an organization again, from the first, also what was given up."""
    with organization(organization_id):
        owed = (Activity.organization_id == organization_id, Activity.dispatched_at.is_(None))
        db.session.execute(
            update(Activity).where(*owed).values(attempts=0), execution_options={"synchronize_session": False}
        )
        ask("dispatch", key=f"operator-{now():%H%M%S%f}")
        note_event("operator.dispatched", user_id=by, organization=organization_id)


def send_again(found: Any, *, by: int) -> None:
    """Owe a mail anew, as if it had never been refused. Raises Refused for one that came back after it had left."""
    with organization(found.organization_id):
        mail = _mail(OutgoingMail, found)
        if mail.sent_at is not None:
            raise Refused(_("This mail has left and came back. Sending it again would not change that."))
        mail.failed_at, mail.attempts, mail.error, mail.next_try_at = None, 0, None, now()
        ask("send_mail", mail.id, key=f"{mail.id}-{now():%H%M%S%f}")
        note_event("operator.mail_sent_again", user_id=by, organization=found.organization_id, mail=mail.id)


def give_up_mail(found: Any, *, by: int) -> None:
    """Send a mail no more. Raises Refused when it has left or was given up already."""
    with organization(found.organization_id):
        mail = _mail(OutgoingMail, found)
        if mail.sent_at is not None or mail.failed_at is not None:
            raise Refused(_("This mail does not wait any more."))
        mail.failed_at, mail.error = now(), "The operator gave it up."
        note_event("operator.mail_given_up", user_id=by, organization=found.organization_id, mail=mail.id)


def file_once_more(found: Any, *, by: int) -> None:
    """Try again what could not be filed. What had no home is taken in anew: an address may be somebody's by now.

    Raises Refused when it is still nobody's, or its raw file is gone.
    """
    with organization(found.organization_id):
        mail = _mail(IncomingMail, found)
        note_event("operator.mail_filed_again", user_id=by, organization=found.organization_id, mail=mail.id)
        if found.organization_id is not None:
            file_again(mail, by=CLOCK)
            return
        name = mail.file
        home = next((to for to in (mail.address, *mail.recipients) if to and find_address(to)), None)
    if home is None:
        raise Refused(_("Its address is still nobody's."))
    if name is None:
        raise Refused(_("The raw mail is not kept any more."))
    with files.open_file(name) as raw:
        receive_mail(raw, to=home)
    _forget(found)


def forget_mail(found: Any, *, by: int) -> None:
    """Delete mail that has no home, with its file; an organization's own is dismissed, and is forgotten in its time."""
    if found.organization_id is not None:
        with organization(found.organization_id):
            dismiss_mails([_mail(IncomingMail, found)], by=CLOCK)
            note_event("operator.mail_dismissed", user_id=by, organization=found.organization_id, mail=found.id)
        return
    _forget(found)
    note_event("operator.mail_deleted", user_id=by, mail=found.id)


def _forget(found: Any) -> None:
    with organization(None):
        mail = _mail(IncomingMail, found)
        if mail.file:
            files.delete_on_commit(mail.file)
        db.session.delete(mail)


def _mail(model: type[Any], found: Any) -> Any:
    row = db.session.scalar(select(model).where(model.id == found.id).with_for_update())
    if row is None:
        raise NotFound
    return row


def sign_out_everywhere(user: User, *, by: int) -> None:
    sessions.end_all(user.id)
    note_event("operator.sessions_ended", user_id=user.id, operator=by)


def shut_account(user: User, *, by: int) -> None:
    """Deactivate somebody: every browser is signed out, and none comes in. Raises Refused for oneself."""
    if user.id == by:
        raise Refused(_("You cannot shut your own account here."))
    if user.deactivated_at is None:
        user.deactivated_at = now()
        sessions.end_all(user.id)
        note_event("operator.account_shut", user_id=user.id, operator=by)


def open_account(user: User, *, by: int) -> None:
    """Let somebody in again who was deactivated; a deletion that waited is taken back."""
    if user.deactivated_at is not None:
        user.deactivated_at, user.erase_at = None, None
        note_event("operator.account_opened", user_id=user.id, operator=by)


def set_operator(user: User, yes: bool, *, by: int) -> None:
    """Raises Refused when the last operator would be gone, or for an account that nobody proved."""
    if yes and (user.email_verified_at is None or user.deactivated_at is not None):
        raise Refused(_("Only an account that is proved and open can look after the installation."))
    if not yes:
        others = select(User.id).where(User.is_operator, User.id != user.id, User.deactivated_at.is_(None))
        if db.session.scalar(others.with_for_update().limit(1)) is None:
            raise Refused(_("Nobody else looks after this installation."))
    if user.is_operator is not yes:
        user.is_operator = yes
        sessions.end_all(user.id) if not yes else None
        note_event("operator.made" if yes else "operator.unmade", user_id=user.id, operator=by)


def set_plan(organization_id: int, plan: Plan, *, by: int) -> None:
    """Raises NotFound."""
    with organization(organization_id):
        found = db.session.get(Organization, organization_id)
        if found is None:
            raise NotFound
        set_plan_of(found, plan, by=CLOCK)
        note_event("operator.plan_set", user_id=by, organization=organization_id, plan=plan.value)
