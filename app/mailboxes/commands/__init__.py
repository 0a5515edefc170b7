"""What can be done with mail: post it, take it in, decide about it, and say where it comes from."""

from app.mailboxes.commands.accounts import (
    AccountDraft,
    check_account,
    create_account,
    delete_account,
    edit_account,
)
from app.mailboxes.commands.addresses import create_address, delete_address, find_address, serve_address
from app.mailboxes.commands.posting import MOST_IN_PARTS, MOST_IN_THREAD, MailPart, post_mail
from app.mailboxes.commands.receiving import Receipt, dismiss_mails, file_again, receive_mail, take_in

__all__ = [
    "MOST_IN_PARTS",
    "MOST_IN_THREAD",
    "AccountDraft",
    "MailPart",
    "Receipt",
    "check_account",
    "create_account",
    "create_address",
    "delete_account",
    "delete_address",
    "dismiss_mails",
    "edit_account",
    "file_again",
    "find_address",
    "post_mail",
    "receive_mail",
    "serve_address",
    "take_in",
]
