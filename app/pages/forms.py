"""Forms of pages."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.documents.rendering import MOST
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.pages.commands.making import TITLE_MOST, PageDraft
from app.pages.commands.moving import Step
from app.pages.models import Access, Page
from app.web.forms import Form, Ids, KnownVersion, Line, Prose, at_least_something


def _title(**rest: object) -> Line:
    needed = [InputRequired(_("A page needs a title.")), at_least_something]
    return Line(_("Title"), most=TITLE_MOST, validators=needed, **rest)


class NewPageForm(Form):
    """A new page; its text is written afterwards, on its own page."""

    title = _title()
    private = BooleanField(lazy("Private"), description=lazy("Only you see it, until you make it public."))
    #: Key of a project; empty: a page of the organization.
    project = HiddenField()
    parent = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=1, max=2**63 - 1)])

    def draft(self) -> PageDraft:
        return PageDraft(self.title.data or "", access=Access.PRIVATE if self.private.data else Access.PUBLIC)


class TextForm(Form):
    """Title and text. `version` is the one that the form was opened with."""

    title = _title()
    emoji = Line(lazy("Emoji"), most=16)
    body = Prose(lazy("Text"), most=MOST)
    version = KnownVersion()

    @classmethod
    def of(cls, page: Page) -> TextForm:
        """The form as it is opened."""
        return cls(
            formdata=None, title=page.title, emoji=page.emoji or "", body=page.document.body, version=page.version
        )


class TitleForm(Form):
    """A title alone."""

    title = _title()


class AccessForm(Form):
    """Who sees a page."""

    access = SelectField(lazy("Who sees it"), choices=[SelectChoice(one.value, one.value) for one in Access])


class ChosenForm(Form):
    """Pages that something is done to."""

    ids = Ids(most=100)


class MoveForm(ChosenForm):
    """Where pages go: one `step`, or below `parent` (empty: to the top), next to a sibling or at the end."""

    step = SelectField(
        choices=[SelectChoice("", ""), *(SelectChoice(step.value, step.value) for step in Step)], default=""
    )
    parent = IntegerField(validators=[Optional(), NumberRange(min=0, max=2**63 - 1)])
    after = IntegerField(validators=[Optional(), NumberRange(min=1, max=2**63 - 1)])
    before = IntegerField(validators=[Optional(), NumberRange(min=1, max=2**63 - 1)])
