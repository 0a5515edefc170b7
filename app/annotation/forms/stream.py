"""What is sent about a task: a result as JSON, made by the canvas, or its plain fields where scripts do not run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import FloatField, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.annotation.config import Choices, LabelConfig, Labels, Rating, TextArea
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, Line, prose

#: Characters of a result as it is sent.
MOST = 1_000_000


class AnnotationForm(Form):
    """A task's answers. `token` for a task that was handed out, `version` for an annotation that is changed."""

    result = StringField(widget=HiddenInput(), validators=[Length(max=MOST, message=lazy("This result is too large."))])
    token = StringField(widget=HiddenInput(), validators=[Length(max=64)])
    version = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=1, max=2**31)])
    config = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=1, max=2**31)])
    #: Seconds of work, as the page counted them.
    seconds = FloatField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=0, max=10**7)])
    reason = Line(lazy("Reason, if you skip it"), most=500)

    def validate_result(self, field: StringField) -> None:
        if field.data:
            try:
                json.loads(field.data)
            except (ValueError, RecursionError) as error:
                raise ValidationError(_("This is no result.")) from error

    def answers(self, config: LabelConfig, sent: MultiDict[str, str], before: Sequence[Mapping[str, Any]]) -> Any:
        """The result that was sent. Without scripts: the plain fields, and the regions that stood there `before`."""
        return json.loads(self.result.data) if self.result.data else plain_result(config, sent, before)


def plain_result(
    config: LabelConfig, sent: MultiDict[str, str], before: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """A result from fields `choice:…`, `text:…` and `rating:…`."""
    found: list[dict[str, Any]] = []
    for control in config.controls:
        value: dict[str, Any] | None = None
        if isinstance(control, Labels):
            found += [dict(entry) for entry in before if entry.get("from_name") == control.name]
        elif isinstance(control, Choices):
            picked = sent.getlist(f"choice:{control.name}")
            value = {"choices": picked} if picked else None
        elif isinstance(control, TextArea):
            texts = [text for one in sent.getlist(f"text:{control.name}") if (text := (prose(one) or "").strip())]
            value = {"text": texts} if texts else None
        elif isinstance(control, Rating):
            stars = sent.get(f"rating:{control.name}", "")
            value = {"rating": int(stars)} if stars.isascii() and stars.isdecimal() and len(stars) < 4 else None
        if value is not None:
            found.append(
                {
                    "id": f"plain-{len(found)}",
                    "from_name": control.name,
                    "to_name": control.to_name,
                    "type": control.kind,
                    "value": value,
                }
            )
    return found
