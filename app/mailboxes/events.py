"""What happens to mail that came in, to addresses and to accounts, and the sentence that a person reads."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

ADDRESS_ADDED = Event("mail_address.added", "{actor} added the mail address {subject}", Bulk.SILENT)
ADDRESS_CHANGED = Event("mail_address.changed", "{actor} changed the mail address {subject}", Bulk.SILENT)
ADDRESS_REMOVED = Event("mail_address.removed", "{actor} removed the mail address {subject}", Bulk.SILENT)
OF_ADDRESSES = (ADDRESS_ADDED, ADDRESS_CHANGED, ADDRESS_REMOVED)

ACCOUNT_ADDED = Event("mail_account.added", "{actor} had the mailbox {subject} fetched", Bulk.SILENT)
ACCOUNT_EDITED = Event("mail_account.edited", "{actor} changed how the mailbox {subject} is fetched", Bulk.SILENT)
ACCOUNT_REMOVED = Event("mail_account.removed", "{actor} stopped fetching the mailbox {subject}", Bulk.SILENT)
OF_ACCOUNTS = (ACCOUNT_ADDED, ACCOUNT_EDITED, ACCOUNT_REMOVED)

MAIL_TRIED_AGAIN = Event("incoming_mail.tried_again", "{actor} had {subject} filed again", Bulk.SILENT)
MAIL_DISMISSED = Event("incoming_mail.dismissed", "{actor} dismissed {subject}", Bulk.SILENT)
OF_MAILS = (MAIL_TRIED_AGAIN, MAIL_DISMISSED)
