"""The reader's language in templates: `{{ _("Save") }}`, `{{ ngettext("%(num)s issue", "%(num)s issues", n) }}`."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, request

from app.kernel import words

#: What the signed-in person chose, or None. The accounts' room answers.
_chosen: list[Callable[[], str | None]] = []


def choose_with(chosen: Callable[[], str | None]) -> None:
    """Let the accounts' room say which language the signed-in person reads."""
    _chosen[:] = [chosen]


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(words.gettext, words.by_number, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["language"] = words.language

    @app.before_request
    def listen() -> None:
        offered = words.languages()
        if len(offered) == 1:
            return
        chosen = _chosen[0]() if _chosen and request.endpoint not in (None, "static", "live.beat") else None
        words.read_in(chosen or request.accept_languages.best_match(offered))
