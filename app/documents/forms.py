"""What is sent about texts, whatever noun they belong to."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.documents.rendering import MOST
from app.kernel.words import lazy
from app.web.forms import Form, Prose


class VersionForm(Form):
    """Which version of a text to bring back."""

    version = IntegerField(validators=[InputRequired(lazy("Say which version.")), NumberRange(min=1, max=2**31)])


class PreviewForm(Form):
    """A text that is not saved yet."""

    body = Prose(lazy("Text"), most=MOST)
