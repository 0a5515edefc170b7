"""Mailboxes on other servers that are fetched, and the addresses whose mail is ours."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, url_for

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.mailboxes import queries
from app.mailboxes.commands import check_account, create_account, delete_account, edit_account
from app.mailboxes.forms import AccountForm
from app.mailboxes.models import MailAccount, MailAddress
from app.mailboxes.policies import P
from app.mailboxes.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page

_FORM = "mailboxes/accounts/form.html"


@bp.get("/accounts")
@requires(P.CONNECT)
def list_accounts() -> Response:
    return page("mailboxes/accounts/index.html", accounts=queries.accounts(), addresses=queries.addresses())


@bp.get("/accounts/new")
@requires(P.CONNECT)
def new_account() -> Response:
    addresses = queries.addresses()
    return page(_FORM, form=AccountForm(addresses), account=None, addresses=addresses)


@bp.post("/accounts", endpoint="create_account")
@requires(P.CONNECT)
def create() -> Response:
    addresses = queries.addresses()
    form = AccountForm(addresses)
    if not form.validate():
        return invalid(form, _FORM, account=None, addresses=addresses)
    try:
        account = create_account(_chosen(form, addresses), form.draft(), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _FORM, account=None, addresses=addresses)
    return go(url_for("mailboxes.list_accounts"), _("%(username)s is fetched from now on.", username=account.username))


@bp.get("/accounts/<int:account_id>")
@requires(P.CONNECT, load=queries.account_by_id)
def show_account(account: MailAccount) -> Response:
    addresses = queries.addresses()
    return page(_FORM, form=AccountForm(addresses, account), account=account, addresses=addresses)


@bp.post("/accounts/<int:account_id>")
@requires(P.CONNECT, load=queries.account_by_id)
def update_account(account: MailAccount) -> Response:
    addresses = queries.addresses()
    form = AccountForm(addresses, account)
    if not form.validate():
        return invalid(form, _FORM, account=account, addresses=addresses)
    try:
        edit_account(account, _chosen(form, addresses), form.draft(), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _FORM, account=account, addresses=addresses)
    return go(url_for("mailboxes.list_accounts"), _("Saved."))


@bp.post("/accounts/<int:account_id>/check", endpoint="check_account")
@requires(P.CONNECT, load=queries.account_by_id)
def check(account: MailAccount) -> Response:
    check_account(account)
    return go(url_for("mailboxes.list_accounts"), _("The mailbox is being looked at."))


@bp.post("/accounts/<int:account_id>/deletion")
@requires(P.CONNECT, load=queries.account_by_id)
def destroy_account(account: MailAccount) -> Response:
    delete_account(account, by=current_member)
    return go(url_for("mailboxes.list_accounts"), _("The mailbox is fetched no more."))


def _chosen(form: AccountForm, addresses: Sequence[MailAddress]) -> MailAddress:
    return next(row for row in addresses if row.id == form.address.data)
