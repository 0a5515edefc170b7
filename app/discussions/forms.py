"""What is written into a composer."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.discussions.commands import Upload
from app.discussions.models import Comment
from app.documents.rendering import MOST
from app.kernel.words import lazy
from app.web.forms import Form, Ids, KnownVersion, Prose
from app.web.uploads import FilesField

#: Files that one comment may have.
_MOST_FILES = 50


class FilesForm(Form):
    """Files alone."""

    files = FilesField(lazy("Files"))

    @property
    def uploads(self) -> list[Upload]:
        return [Upload(file.filename or "", file.stream) for file in self.files.data or ()]


class CommentForm(FilesForm):
    """A new comment; with `parent` a reply to one. `attachments` are files that were sent ahead for it."""

    body = Prose(lazy("Comment"), most=MOST)
    attachments = Ids(most=_MOST_FILES, may_be_none=True)
    parent = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=1, max=2**63 - 1)])


class EditForm(Form):
    """Another text for a comment. `version` is the one that the form was opened with."""

    body = Prose(lazy("Comment"), most=MOST)
    version = KnownVersion()

    @classmethod
    def of(cls, comment: Comment) -> EditForm:
        """The form as it is opened."""
        return cls(formdata=None, body=comment.document.body, version=comment.version)
