"""Files in requests: which addresses take more than a form does, and the files that a form brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from app.web.errors import answer

#: What a form around its files may take beside them.
_ENVELOPE = 64 * 1024


def take_large_files(bp: Blueprint, most: Mapping[str, Callable[[], int]], says: Callable[[], str]) -> None:
    """Let people who are signed in send `most()` bytes to these endpoints; who sends more reads the sentence.

    Decided before anything reads the request, so that what is larger never reaches the disk.
    """

    @bp.url_value_preprocessor
    def widen(endpoint: str | None, values: Any) -> None:
        if endpoint and endpoint in most and current_user.is_authenticated:
            request.max_content_length = most[endpoint]() + _ENVELOPE

    @bp.errorhandler(RequestEntityTooLarge)
    def too_large(error: RequestEntityTooLarge) -> Response:
        return answer(413, says())


class FilesField(MultipleFileField):
    """Any number of files; a field that was left empty brings none."""

    takes_many = True
    data: list[FileStorage]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [file for file in valuelist if isinstance(file, FileStorage) and file.filename]
