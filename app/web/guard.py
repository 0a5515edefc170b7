"""The guard: finds organization, member and object in one go, and decides. Deny by default.

A view says who may come in: `@requires(P.EDIT, load=issue_by_key)` for tenants, `@signed_in`, `@anyone`, or
`@opens("invitation")`. A view that says nothing answers 403.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request, url_for
from flask_login import current_user

from app.kernel import access
from app.kernel.clock import now
from app.kernel.doors import find_door
from app.kernel.errors import Forbidden, NotFound
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.web.replies import go
from app.web.safety import login
from app.web.urls import stays_here

View = Callable[..., Any]
#: (organization, member, signed-in user) -> where to send them first; None when nothing is missing.
Question = Callable[[Any, Any, Any], str | None]

#: How long a proof of who sits there serves for sensitive pages.
RECENT = timedelta(minutes=15)

#: (slug, user) -> (organization, member); enters the organization. Raises NotFound.
_enter: list[Callable[[str, Any], tuple[Any, Any]]] = []
#: Told of every refusal: (kind, details). Writes in a transaction of its own.
_watch: list[Callable[..., None]] = []
#: What an organization asks of a browser beyond being a member's.
_questions: list[Question] = []
#: Asked when somebody is a stranger in an organization: (slug, user) -> (organization, member) or None.
_passes: list[Callable[[str, Any], tuple[Any, Any] | None]] = []
#: (organization id or None, endpoint, signed-in user) -> whether this browser may be there at all.
_fences: list[Callable[[int | None, str, Any], bool]] = []
#: (slug, API key) -> (organization, member); enters the organization. Raises Unknown.
_by_key: list[Callable[[str, str], tuple[Any, Any]]] = []


#: (permission, object) of every change that is allowed: raises Refused where nothing changes any more.
_closed: list[Callable[..., None]] = []


def closed_by(look: Callable[..., None]) -> None:
    """Let a room say what is closed to changes, whatever somebody's permissions are."""
    if look not in _closed:
        _closed.append(look)


def enter_with(load: Callable[[str, Any], tuple[Any, Any]]) -> None:
    """Let the organizations' room say how a slug and a user become an organization and a member."""
    _enter[:] = [load]


def pass_with(look: Callable[[str, Any], tuple[Any, Any] | None]) -> None:
    """Let a room say who may look into an organization without being a member of it. It is held to reading itself."""
    _passes[:] = [look]


def tell_refusals(watch: Callable[..., None]) -> None:
    """Let the accounts' room record refusals."""
    _watch[:] = [watch]


def also_ask(question: Question) -> Question:
    """Ask this of everybody who comes into an organization, before any page of it. Costs no statement when all is well.

    A second factor or a sign-in of the organization's own that is missing: the answer is where to make up for it.
    """
    if question not in _questions:
        _questions.append(question)
    return question


def fence_with(allowed: Callable[[int | None, str, Any], bool]) -> None:
    """Let the accounts' room say which browsers are confined to one organization, and what they open beside it."""
    _fences[:] = [allowed]


def take_keys_with(load: Callable[[str, str], tuple[Any, Any]]) -> None:
    """Let the organizations' room say whom an API key stands for."""
    _by_key[:] = [load]


def requires(
    permission: str,
    *,
    load: Callable[..., Any] | None = None,
    strangers: str = "accounts.new_session",
    keys: bool = False,
) -> Callable[[View], View]:
    """Only members with `permission`, on the object that `load(member, **parts of the address)` finds, if given.

    The loader has the noun's `visible_to(member)` in its SQL and raises NotFound, so what a member may not see is 404;
    the permission's rule decides what they may do with it, else 403. The object is the view's first argument.
    Who is not signed in is sent to the endpoint `strangers`. With `keys` programs may ask too, by an API key.
    """
    wanted = [name for name in inspect.signature(load).parameters if name != "member"] if load else []

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**parts: Any) -> Any:
            elsewhere = None if by_key() else _door_for_strangers(strangers)
            if elsewhere is not None:
                return elsewhere
            member = come_in()
            elsewhere = None if by_key() else _missing(member)
            if elsewhere is not None:
                return elsewhere
            found = []
            if load:
                found = [load(member, **{name: parts.pop(name) for name in wanted})]
            if not access.may(member, permission, *found):
                refuse("permission", permission=str(permission))
            if request.method != "GET":
                for look in _closed:
                    look(str(permission), *found)
            return view(*found, **parts)

        guarded.policy = f"requires {permission}"  # type: ignore[attr-defined]
        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.keys = keys  # type: ignore[attr-defined]
        return guarded

    return decorate


def come_in() -> Any:
    """Enter the organization of this address as the signed-in user; the member. Raises NotFound for strangers."""
    if "member" not in g:
        try:
            found = _by_key[0](g.slug, g.api_key) if by_key() else _enter[0](g.slug, current_user)
        except NotFound:
            passed = None if by_key() else next(filter(None, (look(g.slug, current_user) for look in _passes)), None)
            if passed is None:
                raise
            found, g.passing = passed, True
        g.organization, g.member = found
    return g.member


def by_key() -> bool:
    """Whether a program asks, by an API key. Then no cookie counts, and nobody is signed in."""
    return "api_key" in g


def _may_be_here(organization_id: int | None) -> bool:
    return all(allowed(organization_id, request.endpoint or "", current_user) for allowed in _fences)


def refuse(kind: str, **details: Any) -> None:
    """Answer 403 and remember it."""
    for watch in _watch:
        watch(f"refused.{kind}", **details)
    raise Forbidden


def signed_in(view: View) -> View:
    """Any signed-in user who has proved their address, outside of any organization."""

    @wraps(view)
    def guarded(**parts: Any) -> Any:
        if (elsewhere := _door_for_strangers()) is not None:
            return elsewhere
        enter(None, user_id=current_user.id)
        if not _may_be_here(None):
            return go(url_for("accounts.show_confinement"))
        return view(**parts)

    guarded.policy = "signed in"  # type: ignore[attr-defined]
    return guarded


def recently_proved(view: View) -> View:
    """For sensitive pages, under `@requires` or `@signed_in`: who sits there has proved it in the last quarter hour.

    Everybody else is asked for it first, then comes back to the page; a form comes back to the page it stood on.
    """

    @wraps(view)
    def proved(*found: Any, **parts: Any) -> Any:
        if not current_user.is_authenticated or was_proved_recently():
            return view(*found, **parts)
        return go(url_for("accounts.show_reproof", next=this_page() or _page_before()))

    proved.asks_proof = True  # type: ignore[attr-defined]
    return proved


def was_proved_recently() -> bool:
    """Whether the browser's session was proved anew a short while ago. What is no browser never was."""
    browser = getattr(current_user, "session", None)
    return browser is not None and now() - browser.reauthenticated_at < RECENT


def anyone(view: View) -> View:
    """Open to the world."""
    view.policy = "anyone"  # type: ignore[attr-defined]
    return view


def opens(kind: str) -> Callable[[View], View]:
    """Whoever holds the token in the address: enters the door's organization without a member.

    The view gets the door first. A closed, expired or unknown door is 404, all alike.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(token: str, **parts: Any) -> Any:
            door = find_door(kind, token=token)
            if door is None:
                raise NotFound(_("This link is not valid any more. Ask whoever sent it for a new one."))
            if current_user.is_authenticated and not _may_be_here(door.organization_id):
                g._login_user = login.anonymous_user()  # here they are nobody: they may sign in in another way
            enter(door.organization_id, user_id=current_user.id if current_user.is_authenticated else None)
            return view(door, token=token, **parts)

        guarded.policy = f"opens {kind}"  # type: ignore[attr-defined]
        return guarded

    return decorate


def leads_to(endpoint: str, member: Any) -> bool:
    """Whether a link there is worth showing: the view exists, and `member` holds the permission it asks for."""
    view = current_app.view_functions.get(endpoint)
    if view is None or not hasattr(view, "policy"):
        return False
    permission = getattr(view, "permission", None)
    return permission is None or access.may(member, permission)


def policy_of(endpoint: str) -> str | None:
    """The declared policy of a view, for the guard and the sweep."""
    return getattr(current_app.view_functions.get(endpoint), "policy", None)


def _door_for_strangers(door: str = "accounts.new_session") -> Any:
    """Where to send who is not signed in, or has not yet proved their address; None for everybody else."""
    if not current_user.is_authenticated:
        return go(url_for(door, next=this_page()))
    if not current_user.is_proved:
        return go(url_for("accounts.show_verification", next=this_page()))
    return None


def _missing(member: Any) -> Any:
    """Where this member has to go first, by what the organization asks; None when nothing is missing."""
    for question in () if g.get("passing") else _questions:
        address = question(g.organization, member, current_user)
        if address is not None:
            return go(address)
    return None


def _page_before() -> str | None:
    """The page that a form was sent from, if it is ours."""
    before = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    path = before.path + (f"?{before.query}" if before.query else "")
    return path if before.netloc == request.host and stays_here(path) else None


def this_page() -> str | None:
    """This page's own address, to come back to; None when it is no page, or the first one anyway."""
    if request.method != "GET" or request.headers.get("HX-Request") or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def init_app(app: Flask) -> None:
    @app.before_request
    def deny_by_default() -> None:
        if request.endpoint and request.endpoint != "static" and policy_of(request.endpoint) is None:
            abort(403)
        if by_key() and request.endpoint and not getattr(current_app.view_functions[request.endpoint], "keys", False):
            abort(403, _("API keys are not taken at this address."))

    @app.context_processor
    def questions() -> dict[str, Any]:
        member = g.get("member")
        return {
            "may": lambda permission, on=None: access.may(member, permission, on),
            "current_member": member,
            "organization": g.get("organization"),
        }
