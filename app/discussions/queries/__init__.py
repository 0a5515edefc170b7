"""What is said about a noun and which files stand with it, each in a fixed number of statements."""

from app.discussions.queries.comments import (
    MOST,
    PAGE,
    Discussion,
    Said,
    Signs,
    comment_by_id,
    comment_on,
    comments_on,
    deleted_comment,
    discussion_of,
    is_recent,
    said_by,
)
from app.discussions.queries.files import (
    attachment_by_id,
    attachments_of,
    deleted_attachment,
    files_under,
    waiting_for,
)
from app.discussions.queries.subjects import readers_like, subject_named

__all__ = (
    "MOST",
    "PAGE",
    "Discussion",
    "Said",
    "Signs",
    "attachment_by_id",
    "attachments_of",
    "comment_by_id",
    "comment_on",
    "comments_on",
    "deleted_attachment",
    "deleted_comment",
    "discussion_of",
    "files_under",
    "is_recent",
    "readers_like",
    "said_by",
    "subject_named",
    "waiting_for",
)
