"""GitHub: OAuth 2 without ID tokens. Who it is, is asked with the access token; of addresses the primary one counts."""

from __future__ import annotations

from typing import Any

from app.accounts.providers.known import Provider
from app.accounts.providers.speaking import Claims, Misspoken
from app.adapters import outbound

SCOPE = "read:user user:email"
_SECONDS, _BYTES = 10.0, 256 * 1024


def authorization_endpoint(provider: Provider) -> str:
    return f"{provider.issuer}/login/oauth/authorize"


def claims_of(provider: Provider, *, code: str, redirect: str, nonce: str, verifier: str) -> Claims:
    """Who has come back. GitHub knows no nonce: the code is bound to us by state and PKCE alone."""
    form = {
        "grant_type": "authorization_code",
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code": code,
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    answer = _ask("POST", f"{provider.issuer}/login/oauth/access_token", {"Accept": "application/json"}, form)
    if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
        raise Misspoken("no access token")  # GitHub answers 200 to a code that it does not know
    headers = {"Accept": "application/vnd.github+json", "Authorization": f"Bearer {answer['access_token']}"}
    person = _ask("GET", f"{_api(provider)}/user", headers)
    addresses = _ask("GET", f"{_api(provider)}/user/emails", headers)
    if not isinstance(person, dict) or not isinstance(person.get("id"), int) or isinstance(person["id"], bool):
        raise Misspoken("no subject")
    primary = _primary(addresses)
    name = person.get("name") or person.get("login")
    return Claims(
        issuer=provider.issuer,
        subject=str(person["id"]),
        email=primary.get("email") if isinstance(primary.get("email"), str) else None,
        email_verified=primary.get("verified") is True,
        name=name if isinstance(name, str) else "",
    )


def _primary(addresses: Any) -> dict[str, Any]:
    for address in addresses if isinstance(addresses, list) else []:
        if isinstance(address, dict) and address.get("primary") is True:
            return address
    return {}


def _api(provider: Provider) -> str:
    return "https://api.github.com" if provider.issuer == "https://github.com" else f"{provider.issuer}/api/v3"


def _ask(method: str, url: str, headers: dict[str, str], form: Any = None) -> Any:
    answer = outbound.request(method, url, headers=headers, form=form, timeout=_SECONDS, most_bytes=_BYTES, hops=0)
    if answer.status != 200:
        raise Misspoken(f"{answer.status} from {url[:200]}")
    return answer.json()
