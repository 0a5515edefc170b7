"""Drafts of half-typed forms, kept and forgotten by the browser; and what a text will look like."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response, make_response, request

from app.documents.commands import discard_draft, save_draft
from app.documents.forms import PreviewForm
from app.documents.policies import P
from app.documents.rendering import render
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import reply
from app.web.urls import TENANT

bp = Blueprint("documents", __name__, url_prefix=TENANT)
#: Bytes of a draft at most.
MOST = 100 * 1024
_KEY = re.compile(r"[\w:.-]{1,200}", re.ASCII)


@bp.post("/drafts", endpoint="save_draft")
@requires(P.KEEP_DRAFTS)
def keep() -> Response:
    """Keep `body`, a JSON object of texts, under `key`. An empty one, or one of empty texts, forgets the draft."""
    fields = _fields(request.form.get("body", ""))
    if any(fields.values()):
        save_draft(current_member, _key(), fields)
    else:
        discard_draft(current_member, _key())
    return make_response("", 204)


@bp.post("/drafts/discard", endpoint="discard_draft")
@requires(P.KEEP_DRAFTS)
def forget() -> Response:
    discard_draft(current_member, _key())
    return make_response("", 204)


@bp.post("/preview", endpoint="create_preview")
@requires(P.KEEP_DRAFTS)
def preview() -> Response:
    """What a text will look like, names of colleagues apart: who can be named is the noun's to say."""
    form = PreviewForm()
    if not form.validate():
        raise Invalid(" ".join(form.body.errors), "body")
    return reply("documents/preview.html", html=render(form.body.data or "").html)


def _key() -> str:
    key = request.form.get("key", "")
    if not _KEY.fullmatch(key):
        raise Invalid(_("This draft has no name that could be kept."), "key")
    return key


def _fields(body: str) -> dict[str, str]:
    if not body:
        return {}
    if len(body.encode()) > MOST:
        raise Invalid(_("This draft is too long to be kept here; it stays on your device."), "body")
    try:
        found = json.loads(body)
        if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
            raise Invalid(_("This draft is not a form's."), "body")
        whole = "".join((*found, *found.values())).encode()
    except (ValueError, RecursionError) as error:  # also half of a surrogate pair
        raise Invalid(_("This draft cannot be read."), "body") from error
    if b"\0" in whole:
        raise Invalid(_("The text holds a NUL character, which cannot be stored."), "body")
    return found
