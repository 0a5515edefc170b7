"""What a browser is on its way with: from the click here to the return from the provider. Once, and for ten minutes.

The cookie holds a token of this browser and nothing else; state, verifier and nonce stay here, in Redis. A flow that
comes back in another browser, a second time, by another provider or too late is worth nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from hmac import compare_digest

from flask import session

from app.kernel.crypto import new_token, token_hash
from app.kernel.jobs import redis

LASTS = 600
#: In the cookie: which browser this is, for as long as nobody signs in or out.
_BROWSER = "provider_browser"


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    #: To an account that is signed in.
    LINK = "link"
    #: To see whether a connection works. Nobody is signed in.
    TEST = "test"


@dataclass(frozen=True)
class Flow:
    """One way out and back."""

    provider: str
    purpose: Purpose
    verifier: str
    nonce: str
    browser: str
    wanted: str = ""
    #: Whose account it is linked to, or who tests, and in which of their browsers.
    user_id: int | None = None
    session_id: int | None = None


def begin(
    provider: str, purpose: Purpose, *, wanted: str = "", user_id: int | None = None, session_id: int | None = None
) -> tuple[str, Flow]:
    """A new flow of this browser, and the state that stands for it outside. Raises RedisError."""
    browser = session.setdefault(_BROWSER, new_token())
    flow = Flow(
        provider=provider,
        purpose=purpose,
        verifier=new_token(),
        nonce=new_token(),
        browser=token_hash(browser),
        wanted=wanted,
        user_id=user_id,
        session_id=session_id,
    )
    state = new_token()
    redis().set(_key(state), json.dumps(asdict(flow)), ex=LASTS)
    return state, flow


def finish(provider: str, state: str) -> Flow | None:
    """The flow that comes back, if it is this browser's and this provider's. It is used up in any case."""
    kept = redis().getdel(_key(state)) if state else None
    if not kept:
        return None
    values = json.loads(kept)
    flow = Flow(**(values | {"purpose": Purpose(values["purpose"])}))
    here = token_hash(session.get(_BROWSER, ""))
    return flow if compare_digest(flow.browser, here) and flow.provider == provider else None


def _key(state: str) -> str:
    return f"provider-flow:{token_hash(state)}"
