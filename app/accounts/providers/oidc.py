"""OpenID Connect: discovery, the exchange of a code, and the checks of an ID token.

Keys and addresses are asked for anew at each sign-in: sign-ins are few, and what is not kept is never out of date.
"""

from __future__ import annotations

import time
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.auth import encode_client_secret_basic
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.accounts.providers.known import Provider
from app.accounts.providers.speaking import Claims, Misspoken
from app.adapters import outbound

SCOPE = "openid email profile"
#: Signatures that only the provider can make. Never `none`, never one that shares a secret with us.
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
#: Seconds that clocks may differ.
LEEWAY = 60
_SECONDS, _BYTES, _MOST_KEYS = 10.0, 256 * 1024, 50


def authorization_endpoint(provider: Provider) -> str:
    return _endpoint(discover(provider.issuer), "authorization_endpoint")


def discover(issuer: str) -> dict[str, Any]:
    """What an issuer says of itself. Raises OutboundError, Misspoken."""
    if not issuer.startswith("https://") and not outbound.is_allowed(issuer):
        raise Misspoken("the issuer does without TLS")
    said = _ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise Misspoken("the issuer calls itself otherwise")
    return said


def claims_of(provider: Provider, *, code: str, redirect: str, nonce: str, verifier: str) -> Claims:
    """The claims of a code. Raises OutboundError, Misspoken."""
    says = discover(provider.issuer)
    answer = _exchange(provider, says, code=code, redirect=redirect, verifier=verifier)
    token, access = answer.get("id_token"), answer.get("access_token")
    if not isinstance(token, str) or not isinstance(access, str):
        raise Misspoken("no ID token")
    claims = checked(provider, token, _keys(says), nonce=nonce, access_token=access)
    if "email" not in claims and says.get("userinfo_endpoint"):
        claims |= _of_person(says, access, claims["sub"])
    return _claims(provider, claims)


def checked(provider: Provider, token: str, keys: KeySet, *, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of an ID token that this issuer made for us, now, for this very sign-in. Raises Misspoken."""
    try:
        found = jwt.decode(token, keys, algorithms=SIGNATURES)
        options: Any = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"client_id": provider.client_id, "nonce": nonce, "access_token": access_token}
        claims = CodeIDToken(found.claims, found.header, options, params)
        claims.validate(now=int(time.time()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Misspoken(f"ID token: {type(error).__name__}") from error
    # Once more in our own words, for what must never depend on a library's defaults.
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims["iss"] != provider.issuer or provider.client_id not in audience:
        raise Misspoken("ID token for somebody else")
    if len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise Misspoken("ID token asked for by somebody else")
    if not isinstance(claims.get("nonce"), str) or not compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise Misspoken("ID token of another sign-in")
    return dict(claims)


def _claims(provider: Provider, claims: dict[str, Any]) -> Claims:
    subject, email, name = claims.get("sub"), claims.get("email"), claims.get("name")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise Misspoken("no subject")
    return Claims(
        issuer=provider.issuer,
        subject=subject,
        email=email if isinstance(email, str) else None,
        email_verified=claims.get("email_verified") is True,
        name=name if isinstance(name, str) else "",
    )


def _exchange(provider: Provider, says: dict[str, Any], *, code: str, redirect: str, verifier: str) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    headers = {"Accept": "application/json"}
    methods = says.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in methods:
        encode_client_secret_basic(_Escaped(provider), "POST", "", headers, "")
    else:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return _ask("POST", _endpoint(says, "token_endpoint"), form=form, headers=headers)


class _Escaped:
    """RFC 6749, 2.3.1: id and secret are escaped before they are joined by a colon."""

    def __init__(self, provider: Provider) -> None:
        self.client_id, self.client_secret = quote_plus(provider.client_id), quote_plus(provider.client_secret)


def _keys(says: dict[str, Any]) -> KeySet:
    listed = _ask("GET", _endpoint(says, "jwks_uri")).get("keys")
    public = (
        [
            key
            for key in listed[:_MOST_KEYS]
            if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
        ]
        if isinstance(listed, list)
        else []
    )
    try:
        return KeySet.import_key_set({"keys": public})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Misspoken("no keys") from error


def _of_person(says: dict[str, Any], access_token: str, subject: str) -> dict[str, Any]:
    """Name and address, from where some providers tell them. Only of the person that the ID token is about."""
    endpoint = _endpoint(says, "userinfo_endpoint")
    said = _ask("GET", endpoint, headers={"Accept": "application/json", "Authorization": f"Bearer {access_token}"})
    if said.get("sub") != subject:
        raise Misspoken("userinfo of somebody else")
    return {name: said[name] for name in ("email", "email_verified", "name") if name in said}


def _endpoint(says: dict[str, Any], name: str) -> str:
    address = says.get(name)
    if not isinstance(address, str) or not (address.startswith("https://") or _plain_is_fine(address)):
        raise Misspoken(f"no {name}")
    return address


def _plain_is_fine(address: str) -> bool:
    return address.startswith("http://") and outbound.is_allowed(address)


def _ask(method: str, url: str, *, headers: dict[str, str] | None = None, form: Any = None) -> dict[str, Any]:
    answer = outbound.request(
        method,
        url,
        headers=headers or {"Accept": "application/json"},
        form=form,
        timeout=_SECONDS,
        most_bytes=_BYTES,
        hops=0,
    )
    said = answer.json() if answer.status == 200 else None
    if not isinstance(said, dict):
        raise Misspoken(f"{answer.status} from {url.partition('?')[0][:200]}")
    return said
