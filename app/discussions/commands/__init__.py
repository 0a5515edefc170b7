"""Every change of what is said about a noun, and of the files that stand with it."""

from app.discussions.commands.attachments import (
    NotAttached,
    Upload,
    attach,
    attach_files,
    count_download,
    delete_attachments,
    purge_attachments,
    restore_attachments,
    upload_files,
)
from app.discussions.commands.comments import (
    NotSaid,
    Remark,
    add_comments,
    delete_comment,
    edit_comment,
    reopen_thread,
    resolve_thread,
    restore_comment,
    toggle_reaction,
)

__all__ = (
    "NotAttached",
    "NotSaid",
    "Remark",
    "Upload",
    "add_comments",
    "attach",
    "attach_files",
    "count_download",
    "delete_attachments",
    "delete_comment",
    "edit_comment",
    "purge_attachments",
    "reopen_thread",
    "resolve_thread",
    "restore_attachments",
    "restore_comment",
    "toggle_reaction",
    "upload_files",
)
