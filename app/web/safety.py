"""What no request may be: for another host, forged from another site, or carrying NUL bytes or broken text."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

#: How API keys begin, so that one that got lost is known for what it is.
KEY_PREFIX = "tb_"


class _Protect(CSRFProtect):
    """Forms carry a token; what comes by an API key carries the key, which no browser adds by itself."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if "api_key" in g:
            g.csrf_valid = True
            return
        super().protect(apply_exemptions=apply_exemptions)


csrf = _Protect()
login = LoginManager()

_SAFE = ("GET", "HEAD", "OPTIONS")
#: Where a machine's own checks and its owner reach it, whatever its public name is.
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
#: For whoever watches the machine by its bare address: they say nothing that is anybody's.
_FOR_ANY_HOST = ("health.live", "health.ready")


def init_app(app: Flask) -> None:
    app.before_request(refuse_other_hosts)  # before the form is read for its token
    app.before_request(take_key)
    csrf.init_app(app)
    login.init_app(app)
    if proxies := app.extensions["trestleboard"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]

    @app.before_request
    def refuse_other_sites() -> None:
        """The browser itself says where a request comes from; older ones say nothing, and the token decides."""
        if request.method in _SAFE:
            return
        site = request.headers.get("Sec-Fetch-Site")
        if site not in (None, "same-origin", "none") or (site is None and _is_foreign(request.headers.get("Origin"))):
            abort(403, "This came from another site, so nothing was done.")

    @app.before_request
    def refuse_broken_text() -> None:
        for source in (request.args, request.form):
            for key, values in source.lists():
                if "\0" in key or any("\0" in value for value in values):
                    abort(400, "The text holds a NUL character, which cannot be stored.")
        if "\0" in request.path:
            abort(404)


def take_key() -> None:
    """A request with an API key is nobody's browser's: whatever cookies it brings along, they are not looked at."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.startswith(KEY_PREFIX):
        g.api_key = token.strip()
        g._login_user = login.anonymous_user()


def refuse_other_hosts() -> None:
    """A name that leads here without being ours is somebody's trick (DNS rebinding, poisoned caches): answer nothing.

    Where nobody said what we are called (no BASE_URL) and we listen to the whole network, any name will do.
    """
    if request.endpoint in _FOR_ANY_HOST:
        return
    own = urlsplit(current_app.extensions["trestleboard"].base_url).hostname or ""
    if own in ("", "0.0.0.0", "::"):  # noqa: S104 - a comparison, nothing is bound here
        return
    host = request.host.lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name not in (own, f"[{own}]", *_LOOPBACK):
        abort(400, "This server does not go by that name.")


def _is_foreign(origin: str | None) -> bool:
    """Whether a request says that it was made by a page that is not ours. Pages without an address say `null`."""
    if origin is None:
        return False
    own = urlsplit(current_app.extensions["trestleboard"].base_url).netloc
    return origin.lower().partition("://")[2] not in (request.host.lower(), own.lower())
