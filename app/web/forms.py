"""Forms: one base that refuses repeated keys, and the two kinds of text field everybody uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from app.kernel.words import gettext as _

# Control characters, and marks that turn the direction of what follows: they would reorder other people's pages.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def one_line(text: str | None) -> str | None:
    """Text for one line: no control or direction marks, white space folded and trimmed."""
    return None if text is None else " ".join(_CONTROLS.sub("", text).split())


def prose(text: str | None) -> str | None:
    """Text of many lines: no control or direction marks, line ends as LF."""
    return None if text is None else _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Line(StringField):
    """A single line of text, at most `most` characters."""

    def __init__(self, label: str = "", *, most: int, validators: Sequence[Any] = (), **rest: Any) -> None:
        rest.setdefault("render_kw", {})["maxlength"] = most
        too_long = Length(max=most, message=_("At most %(most)s characters, please.", most=format(most, ",")))
        super().__init__(label, filters=[one_line], validators=[*validators, too_long], **rest)


class Prose(TextAreaField):
    """Text of many lines, at most `most` characters."""

    def __init__(self, label: str = "", *, most: int, validators: Sequence[Any] = (), **rest: Any) -> None:
        too_long = Length(max=most, message=_("At most %(most)s characters, please.", most=format(most, ",")))
        super().__init__(label, filters=[prose], validators=[*validators, too_long], **rest)


class Ids(Field):
    """The `ids` of what an action is about: whole numbers, sent once for each thing, without repeats."""

    takes_many = True
    data: list[int]

    def __init__(
        self,
        label: str = "",
        *,
        most: int = 500,
        may_be_none: bool = False,
        validators: Sequence[Any] = (),
        **rest: Any,
    ) -> None:
        needed = [] if may_be_none else [at_least_something]
        super().__init__(label, default=list, validators=[*needed, *validators], **rest)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        if not all(value.isascii() and value.isdecimal() and len(value) < 19 for value in valuelist):
            self.data = []
            raise ValueError("This names nothing.")
        self.data = list(dict.fromkeys(int(value) for value in valuelist))
        if len(self.data) > self.most:
            self.data = []
            raise ValueError(f"At most {self.most:,} at once, please.")


class KnownVersion(IntegerField):
    """Hidden: the version of what a form changes, as it was when the form was opened. Without it nothing is changed."""

    widget = HiddenInput()

    def __init__(self, label: str = "", **rest: Any) -> None:
        told = InputRequired(_("Open this form again: it does not say which text it changes."))
        super().__init__(label, validators=[told, NumberRange(min=1, max=2**31)], **rest)


class Form(FlaskForm):
    """The base of every form. A key that is sent twice where one value is meant is an error, not a guess."""

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        formdata = self.meta.wrap_formdata(self, formdata)  # Flask-WTF's sentinel becomes the request's form, or None
        super().process(formdata, *args, **kwargs)
        self._repeated = {
            name
            for name, field in self._fields.items()
            if formdata is not None and not _takes_many(field) and len(formdata.getlist(name)) > 1
        }

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        for name in self._repeated:
            field = self._fields[name]
            field.errors = [*field.errors, "This was sent twice. Send one value."]
        return fine and not self._repeated

    def with_ids(self, prefix: str) -> Self:
        """Its controls under ids of their own, for a page with several forms that share names of fields."""
        for field in self._fields.values():
            field.id = field.label.field_id = f"{prefix}-{field.short_name}"
        return self

    def blame(self, error: Any) -> Form:
        """Put a command's refusal (`kernel.errors.Invalid`) at its field, or at the first."""
        field = self._fields.get(error.field or "") or next(iter(self._fields.values()))
        field.errors = [*field.errors, str(error)]
        return self


def _takes_many(field: Field) -> bool:
    return isinstance(field, SelectMultipleField) or getattr(field, "takes_many", False)


def at_least_something(form: Any, field: Field) -> None:
    """Refuses text that is empty once cleaned."""
    if not field.data:
        raise ValidationError(_("This cannot be empty."))
