"""What is said to a provider and what it answers, whichever kind it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from app.accounts.providers.known import Kind, Provider
from app.kernel.errors import Refused
from app.kernel.words import gettext as _


class Misspoken(Refused):
    """A provider's answer that is not believed. The sentence is for the person, `why` for the log."""

    status = 400

    def __init__(self, why: str) -> None:
        super().__init__(_("The provider's answer could not be checked, so nobody was signed in. Try once more."))
        self.why = why


@dataclass(frozen=True)
class Claims:
    """Who a provider says that somebody is. Only `issuer` and `subject` name them for good."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str


def way_to(provider: Provider, *, redirect: str, state: str, nonce: str, verifier: str, again: bool = False) -> str:
    """The address at the provider to which the browser goes. With `again` people are asked for their password there.

    Raises OutboundError and Misspoken when the provider does not say where that is.
    """
    from app.accounts.providers import github, oidc

    speaks: Any = github if provider.kind is Kind.GITHUB else oidc
    asked = {
        "redirect_uri": redirect,
        "scope": speaks.SCOPE,
        "state": state,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    if provider.kind is Kind.OIDC:
        asked |= {"nonce": nonce} | ({"prompt": "login"} if again else {})
    uri: str = prepare_grant_uri(speaks.authorization_endpoint(provider), provider.client_id, "code", **asked)
    return uri


def ask_for_claims(provider: Provider, *, code: str, redirect: str, nonce: str, verifier: str) -> Claims:
    """Who has come back with this code. Raises OutboundError and Misspoken."""
    from app.accounts.providers import github, oidc

    speaks: Any = github if provider.kind is Kind.GITHUB else oidc
    found: Claims = speaks.claims_of(provider, code=code, redirect=redirect, nonce=nonce, verifier=verifier)
    return found
