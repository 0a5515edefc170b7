"""What happens to mail by itself: it is sent, filed, fetched, and forgotten."""

from app.mailboxes.jobs.fetching import check_mailbox, fetch_mail
from app.mailboxes.jobs.filing import file_mail, forget_incoming_mails
from app.mailboxes.jobs.sending import forget_old_mails, send_mail

__all__ = ["check_mailbox", "fetch_mail", "file_mail", "forget_incoming_mails", "forget_old_mails", "send_mail"]
