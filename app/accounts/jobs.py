"""What happens to accounts by itself. They belong to no organization, so no timer is theirs: the scheduler's sweep
looks at their own columns (`erase_at`, `due_at`, `finished_at`) for what is owed.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import current_app, url_for

from app.accounts.commands import ending, exports, newsletters
from app.kernel.jobs import job
from app.kernel.timers import sweep
from app.web.urls import outside

log = structlog.get_logger(__name__)


@job
def erase_account(user_id: int) -> None:
    """The grace of a deleted account is over."""
    if ending.erase_due_user(user_id, restore_at=lambda token: _address("accounts.show_restoration", token=token)):
        log.info("account.erased", user=user_id)


@job
def attend_export(export_id: int) -> None:
    """A copy of somebody's data is to be made, or its week is over."""
    exports.attend_export(export_id, page=_address("accounts.show_exports"))


@job
def post_newsletter(newsletter_id: int) -> None:
    """The next batch of a newsletter."""
    newsletters.post_batch(
        newsletter_id, unsubscribe_at=lambda token: _address("accounts.show_unsubscription", token=token)
    )


def _address(endpoint: str, **parts: Any) -> str:
    """A whole address for mail, made outside of any request."""
    with current_app.test_request_context():
        return outside(url_for(endpoint, **parts))


sweep("erase_account", "SELECT NULL::bigint AS organization_id, id FROM users WHERE erase_at <= :now LIMIT 100")
sweep("attend_export", "SELECT NULL::bigint AS organization_id, id FROM data_exports WHERE due_at <= :now LIMIT 100")
sweep("post_newsletter", "SELECT NULL::bigint AS organization_id, id FROM newsletters WHERE finished_at IS NULL")
