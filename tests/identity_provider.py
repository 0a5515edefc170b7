"""An identity provider that speaks on the wire as OpenID Connect and GitHub do, and lies when it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwk, jwt
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "trestle", "s3cret/with+signs"


@cache
def signing_key(name: str) -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, parameters={"kid": name, "use": "sig"})


@dataclass
class IdentityProvider:
    """`people` are subjects and what is known of them. The knobs below them make it hostile."""

    port: int = 0
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Changes claims of an ID token before it is signed.
    bend: Callable[[dict[str, Any]], None] = lambda claims: None
    #: claims -> token; instead of signing as it should.
    sign: Callable[[dict[str, Any]], str] | None = None
    #: What discovery says differently.
    says: dict[str, Any] = field(default_factory=dict)
    #: Claims that stand in userinfo and not in the token.
    kept_for_userinfo: tuple[str, ...] = ()
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def come_back(self, address: str, subject: str, **more: str) -> str:
        """What the provider's page does when somebody signs in there: the path they come back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"sub": subject}
        back = urlsplit(asked["redirect_uri"])
        assert back.netloc == "trestle.test"
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state'], **more})}"

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.path)
        answer = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._keys,
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/login/oauth/access_token": self._access_token,
            "/api/v3/user": self._user,
            "/api/v3/user/emails": self._emails,
        }[request.path](request)
        status = answer.pop("_status", 200) if isinstance(answer, dict) else 200
        return Response(json.dumps(answer), status, mimetype="application/json")(environ, start)

    def _discovery(self, request: Request) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        } | self.says

    def _keys(self, request: Request) -> dict[str, Any]:
        return {"keys": [signing_key("ours").as_dict(private=False)]}

    def _exchange(self, request: Request, client: str, secret: str) -> dict[str, Any] | None:
        known = self.codes.pop(request.form["code"], None)
        verifier = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if known is None or (client, secret) != (CLIENT, SECRET) or known["code_challenge"] != challenge:
            return None
        return known if known["redirect_uri"] == request.form["redirect_uri"] else None

    def _token(self, request: Request) -> dict[str, Any]:
        given = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        client, _, secret = given.partition(":")
        known = self._exchange(request, unquote_plus(client), unquote_plus(secret))
        if known is None:
            return {"error": "invalid_grant", "_status": 400}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = known["sub"]
        at = int(time.time())
        claims = {"iss": self.issuer, "sub": known["sub"], "aud": CLIENT, "iat": at, "exp": at + 300}
        claims |= {"nonce": known["nonce"]} | self.people[known["sub"]]
        for name in self.kept_for_userinfo:
            claims.pop(name, None)
        self.bend(claims)
        token = self.sign(claims) if self.sign else signed(claims, "ours")
        return {"access_token": access, "token_type": "Bearer", "id_token": token}

    def _userinfo(self, request: Request) -> dict[str, Any]:
        subject = self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]
        return {"sub": subject} | self.people[subject]

    def _access_token(self, request: Request) -> dict[str, Any]:
        known = self._exchange(request, request.form["client_id"], request.form["client_secret"])
        if known is None:
            return {"error": "bad_verification_code"}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = known["sub"]
        return {"access_token": access, "token_type": "bearer"}

    def _user(self, request: Request) -> dict[str, Any]:
        subject = self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]
        return {"id": int(subject), "login": "octo", "name": self.people[subject].get("name")}

    def _emails(self, request: Request) -> list[dict[str, Any]]:
        person = self.people[self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]]
        return [
            {"email": "other@elsewhere.test", "primary": False, "verified": True},
            {"email": person["email"], "primary": True, "verified": person["email_verified"]},
        ]


def signed(claims: dict[str, Any], key: str, alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg, "kid": key}, claims, signing_key(key))


@contextmanager
def identity_provider(**people: dict[str, Any]) -> Iterator[IdentityProvider]:
    """A provider on this machine that knows these people, by subject."""
    made = IdentityProvider(people={subject: dict(about) for subject, about in people.items()})
    server = make_server("localhost", 0, made, threaded=True)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def onward(page: str) -> str:
    """The address to which the page on the way leads on."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found, page
    return unescape(found[1])
