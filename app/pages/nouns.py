"""How the noun `page` shows itself to those who list it, tell its history or link to it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import joinedload

from app.kernel.events import Field, Noun
from app.pages import policies
from app.pages.models import Page
from app.pages.queries.pages import readers_of


def _audience(page: Page) -> Sequence[str]:
    if page.is_private:
        return [f"member:{page.owner_id}"]
    return [f"project:{page.project_id}"] if page.project_id else ["colleagues"]


page = Noun(
    name="page",
    model=Page,
    icon="page",
    title=lambda page: page.title,
    url=lambda page: url_for("pages.show_page", page_id=page.id),
    visible=policies.visible_to,
    audience=_audience,
    # Its document is read by search itself.
    text=lambda page: (),
    topics=lambda page: [f"page-{page.id}"],
    readers=readers_of,
    load=(joinedload(Page.project),),
    fields={"title": Field("title"), "emoji": Field("emoji"), "text": Field("text", silent=True)},
)
